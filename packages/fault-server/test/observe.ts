import { readErrorFacts, StreamMonitor, type Ending, type ErrorFacts, type StreamReport } from '@streamgauge/core'
import type { Injector, StreamingApi } from '../src/index.ts'
import { formatRequest } from './streaming-request.ts'

/** The SDK's own error where its `timeout` strikes; it wraps what fetch throws at it as well. */
const HEADERS_TIMEOUT: ErrorFacts = { names: ['APIConnectionTimeoutError'], codes: [] }

/** Where to ask: a server, or a `fetch` that is one. */
export interface Target {
  readonly baseURL: string
  readonly fetch?: typeof fetch
}

const now = (): number => performance.now()

const sendRequest = async (
  target: Target,
  injector: Injector,
  prefix: string,
  api: StreamingApi,
  attempt: number,
  signal: AbortSignal,
): Promise<Response | ErrorFacts> => {
  const { client = {} } = injector
  const headersTimeout = new AbortController()
  const timer = client.timeoutMs === undefined ? undefined : setTimeout(() => headersTimeout.abort(), client.timeoutMs)
  try {
    const { path, body } = formatRequest(api, `${prefix}:${injector.name}`, client)
    const { baseURL, fetch: ask = fetch } = target
    return await ask(baseURL + path, {
      method: 'POST',
      headers: { 'x-stainless-retry-count': String(attempt) },
      body,
      signal: AbortSignal.any([signal, headersTimeout.signal]),
    })
  } catch (error) {
    if (headersTimeout.signal.aborted) return HEADERS_TIMEOUT
    const facts = readErrorFacts(error)
    return { ...facts, names: ['APIConnectionError', ...facts.names] }
  } finally {
    clearTimeout(timer)
  }
}

const readBody = async (
  monitor: StreamMonitor,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<Ending> => {
  const reader = body.getReader()
  try {
    for (;;) {
      monitor.pull(now())
      const { done, value } = await reader.read()
      if (done) break
      monitor.read(value, now())
    }
    monitor.eof(now())
    return { kind: 'done' }
  } catch (error) {
    if (signal.aborted) return { kind: 'consumer_timeout' }
    const facts = readErrorFacts(error)
    monitor.fail(facts, now())
    return { kind: 'threw', error: facts }
  }
}

/** Asks again as often as the SDK would. */
const sendAttempts = async (
  target: Target,
  injector: Injector,
  prefix: string,
  api: StreamingApi,
  signal: AbortSignal,
): Promise<Response | ErrorFacts> => {
  const { maxRetries = 0 } = injector.client ?? {}
  for (let attempt = 0; ; attempt += 1) {
    const response = await sendRequest(target, injector, prefix, api, attempt, signal)
    if (attempt === maxRetries || (response instanceof Response && response.ok)) return response
    if (response instanceof Response) await response.body?.cancel()
  }
}

/**
 * Asks for a stream as its `client` hints say, and watches it to its end. The reader is fetch, which reads to the end of the
 * body as openai 5 and 6 do.
 */
export const observe = async (
  target: Target,
  injector: Injector,
  prefix: string,
  api: StreamingApi,
): Promise<StreamReport> => {
  const { client = {} } = injector
  const signal =
    client.signalTimeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(client.signalTimeoutMs)
  const monitor = new StreamMonitor(
    {
      api: api === 'speech' ? 'unknown' : api,
      usageRequested: client.includeUsage,
      stallThresholdMs: client.stallThresholdMs,
    },
    now(),
  )
  const response = await sendAttempts(target, injector, prefix, api, signal)
  if (!(response instanceof Response)) return monitor.finish({ kind: 'request_failed', error: response }, now())
  const { status, headers, body } = response
  monitor.headers({ status, contentType: headers.get('content-type') ?? undefined, framing: 'unknown' }, now())
  if (!response.ok) {
    await body?.cancel()
    return monitor.finish({ kind: 'request_failed', error: { names: [], codes: [], status } }, now())
  }
  return monitor.finish(await readBody(monitor, body as ReadableStream<Uint8Array>, signal), now())
}
