import { HEALTHY, speaks, type Injector } from '@streamgauge/fault-server'
import { fetch as undiciFetch, H2CClient, type RequestInfo, type RequestInit } from 'undici'
import type { Sdk } from './sdks.ts'

/** What an application sees of a stream. */
export interface Seen {
  readonly chunks: readonly unknown[]
  /** Class and message of what was thrown at it. */
  readonly thrown?: string | undefined
}

/** The model name that asks the fault server for an injector. */
export function modelOf(injector: Injector): string {
  return `${HEALTHY.includes(injector) ? 'healthy' : 'fault'}:${injector.name}`
}

/** The version of HTTP that is spoken. The SDK's own fetch speaks 1; 2 in clear text takes a fetch of the application. */
export type HttpVersion = 1 | 2

/** Reads a stream of the fault server to its end, as the injector asks its client to. */
export async function consume(sdk: Sdk, baseURL: string, injector: Injector, http: HttpVersion = 1): Promise<Seen> {
  if (http === 1) return read(sdk, baseURL, injector)
  // A connection of its own: a fault breaks all streams on it.
  const dispatcher = new H2CClient(new URL(baseURL).origin)
  const fetch = (url: RequestInfo, init?: RequestInit): unknown => undiciFetch(url, { ...init, dispatcher })
  try {
    return await read(sdk, baseURL, injector, fetch as typeof globalThis.fetch)
  } finally {
    await dispatcher.destroy()
  }
}

async function read(sdk: Sdk, baseURL: string, injector: Injector, fetch?: typeof globalThis.fetch): Promise<Seen> {
  const { client: hints = {} } = injector
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    baseURL,
    maxRetries: hints.maxRetries ?? 0,
    logLevel: 'off',
    ...(fetch === undefined ? {} : { fetch }),
    ...(hints.timeoutMs === undefined ? {} : { timeout: hints.timeoutMs }),
  })
  const signal = hints.signalTimeoutMs === undefined ? undefined : AbortSignal.timeout(hints.signalTimeoutMs)
  const options = signal === undefined ? {} : { signal }
  const chunks: unknown[] = []
  try {
    for await (const chunk of await openStream(openai, injector, options)) chunks.push(chunk)
    return { chunks }
  } catch (error) {
    return { chunks, thrown: `${(error as Error).constructor.name}: ${(error as Error).message}` }
  }
}

async function openStream(
  openai: InstanceType<Sdk['OpenAI']>,
  injector: Injector,
  options: { readonly signal?: AbortSignal },
): Promise<AsyncIterable<unknown>> {
  const { client } = injector
  const model = modelOf(injector)
  if (!speaks(injector, 'chat')) return openai.responses.create({ model, input: 'Hi', stream: true }, options)
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  const usage = client?.includeUsage === true ? { stream_options: { include_usage: true } } : {}
  return openai.chat.completions.create({ model, messages, stream: true, ...usage }, options)
}
