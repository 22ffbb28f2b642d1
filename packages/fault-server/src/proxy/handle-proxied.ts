import type { IncomingMessage, ServerResponse } from 'node:http'
import { wholeJson } from '../answer/answer.ts'
import { createRandom, hashSeed } from '../answer/random.ts'
import { formatError } from '../http/error-body.ts'
import { readAttempt } from '../http/handle-request.ts'
import { createHttpExchange, type HttpExchange } from '../http/http-exchange.ts'
import { BARE_REQUEST } from '../http/read-answer-request.ts'
import { askUpstream, readTarget, UpstreamError, type Asked } from './ask-upstream.ts'
import { createPassedAnswer } from './create-upstream-answer.ts'
import type { ProxySettings } from './options.ts'
import { peekBody } from './peek-body.ts'
import { Missed, type ProxyExchange } from './proxy-fault.ts'
import { settleEntry, type LogEntry, type ProxyLog } from './proxy-log.ts'
import type { DueFault, RequestFacts, Schedule } from './schedule.ts'

/** What all requests of one proxy share. */
export interface ProxyContext {
  readonly settings: ProxySettings
  readonly schedule: Schedule
  readonly log: ProxyLog
  /** Milliseconds since the proxy started. */
  readonly now: () => number
  /** The number of the next request. */
  readonly count: () => number
}

const createEntry = (facts: RequestFacts, due: DueFault | undefined): LogEntry => ({
  ...facts,
  fault: due?.fault.name,
  state: 'open',
  reason: undefined,
  upstreamStatus: undefined,
  struckAfterBytes: undefined,
  bytes: 0,
})

/** An exchange whose bytes are counted. */
const countBytes = (exchange: HttpExchange, entry: LogEntry): Pick<HttpExchange, 'write'> => ({
  write: (bytes) => {
    entry.bytes += Buffer.byteLength(bytes)
    return exchange.write(bytes)
  },
})

/** The upstream broke off, and the client is told so in the same way. */
const passBreak = async (error: UpstreamError, exchange: HttpExchange, response: ServerResponse): Promise<void> => {
  if (error.end !== 'unreachable') {
    await (error.end === 'reset' ? exchange.reset() : exchange.close())
    return
  }
  const message = `The proxy could not get an answer from the upstream (${error.code}).`
  const { contentType, body } = {
    ...wholeJson(''),
    body: formatError({ message, type: 'proxy_error', code: 'upstream_failed' }),
  }
  response.writeHead(502, { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) })
  response.end(body)
}

interface Proxied {
  readonly exchange: HttpExchange
  readonly proxied: ProxyExchange
  readonly passOn: () => Promise<void>
}

const createProxied = (
  exchange: HttpExchange,
  response: ServerResponse,
  entry: LogEntry,
  due: DueFault | undefined,
  ask: () => Promise<Asked>,
): Proxied => {
  const { write } = countBytes(exchange, entry)
  // What the client can see is logged before it can see it: a test that has its answer finds it in the log.
  const end = (): Promise<void> => {
    settleEntry(entry, 'passed')
    return exchange.end()
  }
  const answer = createPassedAnswer({ response, ask, wantsStream: entry.stream, write, end })
  const proxied: ProxyExchange = {
    ...exchange,
    write,
    upstream: answer,
    afterEvents: due?.afterEvents ?? 0,
    strike: () => {
      settleEntry(entry, 'struck')
      entry.struckAfterBytes = entry.bytes
    },
  }
  return { exchange, proxied, passOn: () => answer.passOn() }
}

const play = async ({ exchange, proxied, passOn }: Proxied, due: DueFault, entry: LogEntry): Promise<void> => {
  try {
    await due.fault.play(proxied)
    if (!exchange.isEnded) throw new Error(`"${due.fault.name}" returned without end, close, reset or hold.`)
  } catch (error) {
    if (!(error instanceof Missed)) throw error
    settleEntry(entry, 'missed', error.reason)
    await passOn()
  }
}

const answerProxied = async (
  { settings, schedule, log, now, count }: ProxyContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  const peeked = await peekBody(incoming)
  const [number, atMs] = [count(), now()]
  const [path = ''] = readTarget(incoming.url ?? '/').split(/[?#]/)
  const { model, stream } = peeked
  const facts = { number, atMs, method: incoming.method ?? '', path, model, stream, attempt: readAttempt(incoming) }
  const due = schedule(facts)
  const entry = log.add(createEntry(facts, due))
  signal.addEventListener('abort', () => settleEntry(entry, 'client_left'), { once: true })
  const requestId = `req_${createRandom(hashSeed(settings.seed, number)).letters(32).toLowerCase()}`
  const exchange = createHttpExchange({
    request: { ...BARE_REQUEST, model: model ?? '', stream },
    attempt: facts.attempt,
    answer: { events: [], whole: wholeJson({}) },
    requestId,
    response,
    connection: { http: 1, socket: incoming.socket },
    settings,
    signal,
  })
  let asked: Promise<Asked> | undefined
  const ask = async (): Promise<Asked> => {
    asked ??= askUpstream(incoming, peeked, settings, signal)
    entry.upstreamStatus = (await asked).answer.statusCode
    return asked
  }
  const proxied = createProxied(exchange, response, entry, due, ask)
  try {
    await (due === undefined ? proxied.passOn() : play(proxied, due, entry))
  } catch (error) {
    if (!(error instanceof UpstreamError) || signal.aborted) throw error
    settleEntry(entry, 'upstream_failed', error.code)
    await passBreak(error, exchange, response)
  } finally {
    // An answer that a fault left unread would go on forever.
    asked?.then(({ answer }) => answer.destroy()).catch(() => undefined)
  }
}

/** Answers one request by way of the upstream. Never rejects. */
export const handleProxied = async (
  context: ProxyContext,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { socket } = incoming
  const gone = new AbortController()
  const abort = (): void => gone.abort()
  response.once('close', abort)
  socket.once('close', abort)
  response.sendDate = false
  try {
    await answerProxied(context, incoming, response, gone.signal)
  } catch (error) {
    if (gone.signal.aborted || socket.errored !== null) return
    // A bug of a fault: the client must not wait for it, and its author must hear of it.
    response.destroy()
    process.emitWarning(error instanceof Error ? error : String(error))
  } finally {
    socket.off('close', abort)
  }
}
