import { HEALTHY, speaks, type Injector } from '@streamgauge/fault-server'
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

/** Reads a stream of the fault server to its end, as the injector asks its client to. */
export async function consume(sdk: Sdk, baseURL: string, injector: Injector): Promise<Seen> {
  const { client: hints = {} } = injector
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    baseURL,
    maxRetries: hints.maxRetries ?? 0,
    logLevel: 'off',
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
