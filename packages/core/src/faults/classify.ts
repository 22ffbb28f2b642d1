import type { FaultCode } from './codes.ts'
import type { ErrorFacts } from './error-facts.ts'
import type { Evidence } from './evidence.ts'

/** A fault's code, or `undefined` where nothing was wrong. */
export type Verdict = FaultCode | undefined

/**
 * The code of the first row that matches. No row matches a stream that ended well, or that the consumer ended.
 *
 * Rows stand in the order of the design, but for two moves that let one rule stand before what it excludes: a bad event
 * comes before transport errors (a reader stops at it, so that what follows is not the answer's), and an answer that was
 * complete comes before whatever happened to its connection later.
 */
export function classifyFault(evidence: Evidence): Verdict {
  for (const [code, matches] of ROWS) if (matches(evidence)) return typeof code === 'function' ? code(evidence) : code
  return undefined
}

type Row = readonly [code: Verdict | ((e: Evidence) => Verdict), matches: (e: Evidence) => boolean]

const ROWS: readonly Row[] = [
  ['upstream_error', (e) => e.upstreamError],
  ['client_timeout', (e) => e.ending.kind === 'consumer_timeout' && !isComplete(e)],
  [undefined, (e) => isEndedByConsumer(e)],
  ['headers_timeout', (e) => isRequestFailure(e, isHeadersTimeout)],
  [(e) => `${statusOf(e) ?? 0}`, (e) => e.ending.kind === 'request_failed' && statusOf(e) !== undefined],
  ['connection_failed', (e) => e.ending.kind === 'request_failed'],
  [undefined, (e) => wasUnseen(e)],
  ['not_event_stream', (e) => hasNoEvent(e) && e.bytes > 0 && isAnother(e)],
  ['empty_stream', (e) => hasNoEvent(e)],
  [(e) => e.badEvent?.code, (e) => e.badEvent !== undefined],
  ['late_transport_error', (e) => e.bodyEnd === 'failed' && appThrew(e) && isComplete(e)],
  [undefined, (e) => e.sawTerminator && !appThrew(e)],
  ['body_timeout', (e) => bodyFailed(e, isBodyTimeout)],
  ['connection_reset', (e) => bodyFailed(e, isReset)],
  ['protocol_error', (e) => bodyFailed(e, isProtocolError)],
  ['premature_close', (e) => e.bodyEnd === 'failed'],
  ['truncated_event', (e) => e.bodyEnd === 'eof' && e.tail === 'cut'],
  [undefined, (e) => e.tailDelivered && isComplete(e) && !appThrew(e)],
  ['unterminated_event', (e) => e.bodyEnd === 'eof' && e.tail === 'whole'],
  // The reader failed over an event that is no longer at hand to be judged: an event larger than the recorder.
  ['malformed_event', (e) => threw(e, 'SyntaxError')],
  ['late_transport_error', (e) => appThrew(e) && isComplete(e)],
  [undefined, (e) => e.everyChoiceFinished || e.terminatorOptional],
  ['missing_terminator', () => true],
]

/** Whether the answer was whole, whatever its connection did. */
export function isComplete(e: Evidence): boolean {
  return e.sawTerminator || e.everyChoiceFinished
}

function isEndedByConsumer(e: Evidence): boolean {
  return e.ending.kind !== 'done' && e.ending.kind !== 'threw' && e.ending.kind !== 'request_failed'
}

/** The body ended in order, or there was none, and nothing in it was an event, nor the beginning of one. */
function hasNoEvent(e: Evidence): boolean {
  const hasEnded = e.bodyEnd === 'eof' || e.sawTerminator || e.response?.status === 204 || threw(e, 'OpenAIError')
  return hasEnded && e.events === 0 && e.tail === 'none'
}

/** The reader came to an end, but no byte and no end of the body was seen: somebody else read it, or it cannot be watched. */
function wasUnseen(e: Evidence): boolean {
  return (appThrew(e) || e.ending.kind === 'done') && e.bodyEnd === 'none' && e.bytes === 0 && !hasNoEvent(e)
}

function appThrew(e: Evidence): boolean {
  return e.ending.kind === 'threw'
}

function threw(e: Evidence, name: string): boolean {
  return e.ending.kind === 'threw' && e.ending.error.names.includes(name)
}

function statusOf(e: Evidence): number | undefined {
  const status = e.ending.kind === 'request_failed' ? e.ending.error.status : undefined
  return status !== undefined && status >= 400 && status <= 599 ? status : undefined
}

function isRequestFailure(e: Evidence, test: (error: ErrorFacts) => boolean): boolean {
  return e.ending.kind === 'request_failed' && test(e.ending.error)
}

function bodyFailed(e: Evidence, test: (error: ErrorFacts) => boolean): boolean {
  return e.bodyEnd === 'failed' && e.bodyError !== undefined && test(e.bodyError)
}

/** Another media type; where there is none, what the body looks like. */
function isAnother({ response, bodyHead }: Evidence): boolean {
  const contentType = response?.contentType
  if (contentType !== undefined) return !isEventStream(contentType)
  // `none` is that of a body with events: only such as came too late.
  return bodyHead !== 'other' && bodyHead !== 'none'
}

/** `text/event-stream`, with or without parameters. A header that came twice has both values. */
function isEventStream(contentType: string): boolean {
  return /^\s*text\/event-stream\s*([;,]|$)/i.test(contentType)
}

function isHeadersTimeout(error: ErrorFacts): boolean {
  // undici's timer for the TCP connection is not one for the headers: nobody was there to answer.
  if (error.codes.includes('UND_ERR_CONNECT_TIMEOUT')) return false
  return error.names.includes('APIConnectionTimeoutError') || error.codes.includes('UND_ERR_HEADERS_TIMEOUT')
}

/** The HTTP client's timer, that of a fetch of the application, or that of openai 7 for an answer that is not streamed. */
function isBodyTimeout(error: ErrorFacts): boolean {
  const isClients = error.names.includes('APIConnectionTimeoutError') || error.names.includes('TimeoutError')
  return isClients || error.codes.some((code) => BODY_TIMEOUT_CODES.has(code))
}

/** The HTTP parser's word for a connection that closed inside the body, where the response had said `Connection: close`. */
export const CLOSED_IN_BODY = 'HPE_INVALID_EOF_STATE'

function isReset(error: ErrorFacts): boolean {
  return error.codes.some((code) => RESET_CODES.has(code))
}

function isProtocolError(error: ErrorFacts): boolean {
  if (error.codes.includes(CLOSED_IN_BODY)) return false
  return error.codes.some((code) => PROTOCOL_CODES.test(code)) || error.names.includes('HTTPParserError')
}

/** Timers of undici, and of the agent that openai 4 comes with. */
const BODY_TIMEOUT_CODES: ReadonlySet<string> = new Set(['UND_ERR_BODY_TIMEOUT', 'ERR_SOCKET_TIMEOUT'])

const RESET_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENETRESET',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
])

/** The HTTP parser's codes, and those of zlib, brotli and zstd. */
const PROTOCOL_CODES = /^(HPE_|Z_|ERR_BROTLI|ERR__ERROR_FORMAT|BR_|ZSTD_)/
