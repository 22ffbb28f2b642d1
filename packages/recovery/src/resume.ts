import type { Clock } from './clock.ts'
import { isRecord, readProperty, type Json } from './records.ts'
import type { StreamSource } from './attempt.ts'

/** The part of a client of `openai` that a response in the background is resumed by. */
export interface ResponsesClient {
  readonly responses: {
    retrieve(id: string, query: object, options: object): unknown
  }
}

/** What the SDK is handed along with a request, so that attempts are counted here alone. */
export interface AttemptOptions {
  readonly signal: AbortSignal
  readonly maxRetries: 0
}

/** Which response it is, and what the request for it asked to have in it beside the usual. */
export interface ResponseQuery {
  readonly id: string
  readonly request: unknown
}

/** Asks for the events of a response behind a sequence number. */
export function resumeResponse<Chunk>(
  client: ResponsesClient,
  { id, request }: ResponseQuery,
  startingAfter: number,
  options: AttemptOptions,
): StreamSource<Chunk> {
  const obfuscation = readProperty(readProperty(request, 'stream_options'), 'include_obfuscation')
  const query = {
    stream: true,
    starting_after: startingAfter,
    ...readIncluded(request),
    ...(typeof obfuscation === 'boolean' ? { include_obfuscation: obfuscation } : {}),
  }
  return client.responses.retrieve(id, query, options) as StreamSource<Chunk>
}

/** What a response has only if each request for it says so. */
function readIncluded(request: unknown): object {
  const include = readProperty(request, 'include')
  return Array.isArray(include) && include.length > 0 ? { include } : {}
}

/** How a response in the background is looked at. */
export interface PollSettings {
  readonly clock: Clock
  readonly intervalMs: number
  /** When to stop, in milliseconds on the clock. */
  readonly untilMs: number
}

/**
 * Looks at a response until it has ended, and gives the one event that its stream would have ended with: made here, around
 * the response as the server gave it. Gives no event where the time is over first.
 */
export async function pollResponse<Chunk>(
  client: ResponsesClient,
  { id, request }: ResponseQuery,
  lastSequenceNumber: number,
  options: AttemptOptions,
  { clock, intervalMs, untilMs }: PollSettings,
): Promise<AsyncIterable<Chunk>> {
  for (;;) {
    const response = await client.responses.retrieve(id, readIncluded(request), options)
    const type = isRecord(response) ? TERMINAL_TYPES.get(response['status']) : undefined
    if (type !== undefined) {
      return only<Json>({ type, response, sequence_number: lastSequenceNumber + 1 }) as AsyncIterable<Chunk>
    }
    if (clock.nowMs() + intervalMs > untilMs) return only()
    await sleep(clock, intervalMs, options.signal)
  }
}

/** The event that ends a stream, by the status of its response. */
const TERMINAL_TYPES: ReadonlyMap<unknown, string> = new Map([
  ['completed', 'response.completed'],
  ['incomplete', 'response.incomplete'],
  ['failed', 'response.failed'],
  // The stream of a response that was cancelled just ends; there is no event for it.
  ['cancelled', 'response.failed'],
])

async function* only<T>(...values: readonly T[]): AsyncIterable<T> {
  yield* values
}

/** Waits, until the signal is aborted at the latest; then it rejects with the signal's reason. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const abort = (): void => {
      stop()
      reject(signal.reason as Error)
    }
    const stop = clock.setTimer(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, delayMs)
    signal.addEventListener('abort', abort, { once: true })
  })
}
