import { faultFetch } from '@streamgauge/fault-server'
import { fetch as undiciFetch, H2CClient, type RequestInfo, type RequestInit } from 'undici'
import type { Sdk } from '../sdks.ts'
import type { Call, CallFacts, ClientKind } from './calls.ts'
import type { Mishap, Wire } from './faults.ts'
import { watchSilence, type Silence } from './silence.ts'

/** A version of the SDK as one module system loads it. */
export interface LoadedSdk extends Pick<Sdk, 'OpenAI'> {
  /** openai 4 has it from 4.42 on. */
  readonly AzureOpenAI?: typeof import('openai7').AzureOpenAI
}

/** What an application sees of a call. */
export interface Seen {
  /** Events of a stream, the whole answer, or the text of the bytes. */
  got?: unknown
  /** A helper said that its stream is over. */
  done?: true
  /** Errors from the outside in, by class, message and code. */
  thrown?: readonly string[]
}

/** What both kinds of client take. */
interface Config {
  readonly apiKey: string
  readonly baseURL: string
  readonly maxRetries: number
  readonly logLevel: 'off'
  readonly defaultHeaders: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly fetch?: typeof fetch
}

function fetchThrough(dispatcher: H2CClient): typeof fetch {
  const through = (url: RequestInfo, init?: RequestInit): unknown => undiciFetch(url, { ...init, dispatcher })
  return through as typeof fetch
}

type Client = InstanceType<Sdk['OpenAI']>

const CLIENTS: Readonly<Record<ClientKind, (sdk: LoadedSdk, config: Config) => Client | undefined>> = {
  plain: ({ OpenAI }, config) => new OpenAI(config),
  subclass: ({ OpenAI }, config) => new (class Own extends OpenAI {})(config),
  custom_fetch: ({ OpenAI }, config) => new OpenAI({ ...config, fetch: (url, init) => fetch(url, init) }),
  with_options: ({ OpenAI }, config) => {
    const client = new OpenAI({ ...config, maxRetries: 7 })
    return typeof client.withOptions === 'function' ? client.withOptions({ maxRetries: 0 }) : undefined
  },
  azure: ({ AzureOpenAI }, config) => {
    if (AzureOpenAI === undefined) return undefined
    const { baseURL, ...rest } = config
    return new AzureOpenAI({ ...rest, endpoint: new URL(baseURL).origin, apiVersion: '2026-01-01' })
  },
  canned: ({ OpenAI }, config) =>
    new OpenAI({
      ...config,
      fetch: async () =>
        new Response('{"object":"list","data":[]}', { headers: { 'content-type': 'application/json' } }),
    }),
}

interface ApiPromise {
  asResponse(): Promise<Response>
}

const isIterable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

type Method = (...args: readonly unknown[]) => unknown

/** The first of a call's methods that this version of the SDK has. */
function findMethod(client: Client | undefined, { methods }: Call): Method | undefined {
  for (const path of methods) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    const owner = names.reduce<unknown>(
      (parent, name) => (parent as Record<string, unknown> | undefined)?.[name],
      client,
    )
    const method = (owner as Record<string, unknown> | undefined)?.[last]
    if (typeof method === 'function') return (...args) => Reflect.apply(method, owner, args) as unknown
  }
  return undefined
}

/** As the servers of the matrix have it: what comes while its client is busy is seen in its order only by luck. */
const SETTLE_MS = 250

/** Makes a call as its mishap wants it; `undefined` where this version of the SDK has no such call. */
export async function play(
  sdk: LoadedSdk,
  call: Call,
  mishap: Mishap,
  facts: CallFacts,
  baseURL: string,
  wire: Wire,
): Promise<Seen | undefined> {
  const { client: hints = {}, name } = mishap.injector
  // A connection of its own: a fault breaks all streams on it.
  const dispatcher = wire === 2 ? new H2CClient(new URL(baseURL).origin) : undefined
  const within = wire === 'within' ? faultFetch({ settleMs: SETTLE_MS }) : undefined
  const client = CLIENTS[call.client ?? 'plain'](sdk, {
    apiKey: 'test',
    baseURL,
    maxRetries: hints.maxRetries ?? 0,
    logLevel: 'off',
    ...(dispatcher === undefined ? {} : { fetch: fetchThrough(dispatcher) }),
    ...(within === undefined ? {} : { fetch: within }),
    defaultHeaders: { 'x-fault': name },
    ...(hints.timeoutMs === undefined ? {} : { timeout: hints.timeoutMs }),
  })
  const method = findMethod(client, call)
  if (method === undefined) return undefined
  const silence = watchSilence(mishap)
  const usage = hints.includeUsage === true ? { stream_options: { include_usage: true } as const } : {}
  const seen: Seen = {}
  try {
    const promise = method(...call.arguments({ ...facts, ...usage }, silence?.options ?? {}))
    const result = await (call.isRaw === true ? (promise as ApiPromise).asResponse() : promise)
    // Versions that know nothing of a call's stream hand over the text.
    if (call.answer === 'stream' && !isIterable(result)) return undefined
    await take(call, result, mishap, seen, silence)
  } catch (error) {
    seen.thrown = describeErrors(error)
  } finally {
    silence?.stop()
    await dispatcher?.destroy()
    await within?.close()
  }
  return seen
}

async function take(
  { answer }: Call,
  result: unknown,
  { reading }: Mishap,
  seen: Seen,
  silence: Silence | undefined,
): Promise<void> {
  if (answer === 'bytes') {
    seen.got = await (result as Response).text()
    return
  }
  if (answer !== 'stream') {
    seen.got = result
    return
  }
  const events: unknown[] = []
  seen.got = events
  for await (const event of result as AsyncIterable<unknown>) {
    // Helpers go on changing what they hand out.
    silence?.broken()
    events.push(JSON.parse(JSON.stringify(event)))
    if (reading === 'breaks_off') break
  }
  const { done } = result as { readonly done?: () => Promise<unknown> }
  if (typeof done !== 'function') return
  await Reflect.apply(done, result, [])
  seen.done = true
}

function describeErrors(error: unknown): string[] {
  const errors: string[] = []
  for (let next = error; next instanceof Error; next = next.cause) {
    const { code, status } = next as { readonly code?: unknown; readonly status?: unknown }
    errors.push(`${next.constructor.name} ${next.message} ${String(code)} ${String(status)}`)
  }
  return errors.length === 0 ? [String(error)] : errors
}
