import type { Cause, Confidence } from '../vocabulary.ts'
import { CLOSED_IN_BODY } from './classify.ts'
import type { FaultCode } from './codes.ts'
import type { Evidence } from './evidence.ts'
import { findKnownTimer, findSeenTimer, findRoundSilence, type TimerMatch } from './timers.ts'

/** Why a stream broke, as far as one end of it can tell. */
export interface CauseFinding {
  readonly cause: Cause
  readonly confidence: Confidence
  /** What it rests on, in words. */
  readonly evidence: string
}

/**
 * The cause of a fault: the first row of the table for its code. A clean end never proves that the provider stopped, and
 * which hop closed a connection is a guess unless there is one hop: hence many guesses, and `unknown` where not even that.
 */
export function findCause(code: FaultCode, evidence: Evidence): CauseFinding {
  const kind = /^\d+$/.test(code) ? 'http' : code
  for (const { codes, when, cause, confidence, evidence: sentence } of CAUSE_ROWS) {
    if (!codes.includes(kind)) continue
    const found = when(evidence, code)
    if (found !== false) return { cause, confidence, evidence: found === true ? sentence : found }
  }
  return { cause: 'unknown', confidence: 'guess', evidence: 'nothing that was seen points to one' }
}

interface CauseRow {
  readonly codes: readonly (FaultCode | 'http')[]
  readonly cause: Cause
  readonly confidence: Confidence
  /** What it rests on; `when` may answer with a sentence of its own. */
  readonly evidence: string
  readonly when: (e: Evidence, code: FaultCode) => boolean | string
}

const always = (): boolean => true
const detail =
  (...details: readonly string[]) =>
  (e: Evidence): boolean =>
    details.includes(e.badEvent?.detail ?? '')

const bodyIs =
  (head: Evidence['bodyHead']) =>
  (e: Evidence): boolean =>
    e.bodyHead === head

/** Faults of a body in which no event was. */
const NO_EVENTS: readonly FaultCode[] = ['not_event_stream', 'empty_stream']
const CUT: readonly FaultCode[] = ['connection_reset', 'premature_close', 'truncated_event', 'missing_terminator']

/** @internal exported to be held against the catalogue */
export const CAUSE_ROWS: readonly CauseRow[] = [
  row(['upstream_error'], 'provider_error', 'likely', 'the error came inside the stream'),
  row(['client_timeout'], 'client_timeout', 'certain', "the caller's signal has a TimeoutError as its reason"),
  row(['headers_timeout'], 'client_http_timeout', 'certain', 'UND_ERR_HEADERS_TIMEOUT', isUndiciTimer),
  row(['headers_timeout'], 'client_timeout', 'likely', "the SDK's own timeout fired before any headers"),
  row(['body_timeout'], 'client_http_timeout', 'certain', 'UND_ERR_BODY_TIMEOUT', (e) =>
    bodyHasCode(e, 'UND_ERR_BODY_TIMEOUT'),
  ),
  row(['body_timeout'], 'client_http_timeout', 'certain', 'ERR_SOCKET_TIMEOUT', (e) =>
    bodyHasCode(e, 'ERR_SOCKET_TIMEOUT'),
  ),
  row(
    ['body_timeout'],
    'client_timeout',
    'likely',
    'a timer of the application or of the SDK ended the wait for the body',
  ),
  row(NO_EVENTS, 'proxy_error_page', 'likely', 'the body is an HTML page', bodyIs('html')),
  row(NO_EVENTS, 'provider_error', 'likely', 'the body is a JSON error', bodyIs('json_error')),
  row(NO_EVENTS, 'wrong_endpoint', 'likely', 'the body is JSON, not streamed', bodyIs('json')),
  row(NO_EVENTS, 'wrong_endpoint', 'likely', 'the body is a JSON document per line (NDJSON)', bodyIs('ndjson')),
  row(['not_event_stream'], 'wrong_endpoint', 'guess', 'the media type is another'),
  row(['empty_stream'], 'provider_truncation', 'guess', 'a success status and nothing after it'),
  row(['malformed_event'], 'proxy_error_page', 'likely', 'the data is an HTML page', detail('html')),
  row(['malformed_event'], 'proxy_split', 'likely', 'two events run into one', detail('second_event_inside', 'joined')),
  row(['malformed_event'], 'proxy_split', 'guess', 'a blank line stands inside an event', detail('cut_json')),
  row(
    ['malformed_event'],
    'provider_malformed',
    'likely',
    'a raw line break stands in a JSON string',
    detail('raw_newline'),
  ),
  row(['malformed_event'], 'provider_malformed', 'guess', 'the data is not JSON', detail('not_json')),
  row(['empty_event'], 'provider_malformed', 'guess', 'an event without data, as a heartbeat may be'),
  row(
    ['unterminated_event'],
    'provider_malformed',
    'guess',
    'the body ended in order before the blank line of its last event',
  ),
  row(['late_transport_error'], 'peer_closed', 'likely', 'the answer was whole when the connection failed'),
  row(CUT, 'proxy_error_page', 'likely', 'an HTML page follows the last event', (e) => e.leftover === 'html'),
  row(CUT, 'provider_error', 'likely', 'a line that says error follows the last event', (e) => e.leftover === 'error'),
  row(['connection_reset', 'premature_close'], 'client_timeout', 'guess', '', isGivenUpHere),
  row(CUT, 'proxy_idle_timeout', 'likely', '', seenIdleTimer),
  row(CUT, 'proxy_duration_limit', 'likely', '', seenDurationLimit),
  row(CUT, 'proxy_idle_timeout', 'guess', '', knownIdleTimer),
  row(CUT, 'proxy_duration_limit', 'guess', '', knownDurationLimit),
  row(CUT, 'proxy_idle_timeout', 'guess', '', roundSilence),
  row(['connection_reset'], 'network', 'guess', 'a reset was received; which hop sent it cannot be seen'),
  row(
    ['premature_close'],
    'peer_closed',
    'likely',
    'the next hop closed the connection inside the body',
    isClosedByPeer,
  ),
  row(['protocol_error'], 'provider_malformed', 'guess', 'the next hop sent what HTTP does not allow'),
  row(
    ['truncated_event', 'missing_terminator'],
    'provider_truncation',
    'guess',
    'the next hop ended the body in order',
  ),
  row(['connection_failed'], 'wrong_endpoint', 'likely', 'the host name does not resolve', (e) =>
    hasCode(e, 'ENOTFOUND'),
  ),
  row(['connection_failed'], 'peer_closed', 'likely', 'closed before the headers', (e) => hasCode(e, 'UND_ERR_SOCKET')),
  row(['connection_failed'], 'network', 'likely', 'no response was received', wasSent),
  row(['http'], 'provider_error', 'likely', 'the model is not known there', (e) => hasCode(e, 'model_not_found')),
  row(['http'], 'wrong_endpoint', 'likely', 'status 404 or 405', (_, code) => code === '404' || code === '405'),
  row(['http'], 'proxy_error_page', 'likely', 'the error is an HTML page, and no answer of a model server', (e) =>
    /^\s*text\/html\b/i.test(e.response?.contentType ?? ''),
  ),
  row(['http'], 'proxy_error_page', 'guess', 'a gateway status', (_, code) => /^5(02|03|04|2\d)$/.test(code)),
  row(['http'], 'provider_error', 'likely', 'the server answered with an error status'),
]

function row(
  codes: CauseRow['codes'],
  cause: Cause,
  confidence: Confidence,
  evidence: string,
  when: CauseRow['when'] = always,
): CauseRow {
  return { codes, cause, confidence, evidence, when }
}

function hasCode(e: Evidence, code: string): boolean {
  return e.ending.kind === 'request_failed' && e.ending.error.codes.includes(code)
}

function bodyHasCode(e: Evidence, ...codes: readonly string[]): boolean {
  return codes.some((code) => e.bodyError?.codes.includes(code) === true)
}

/** The socket said so; an error of a stranger's body says nothing of a peer. */
function isClosedByPeer(e: Evidence): boolean {
  return bodyHasCode(
    e,
    'UND_ERR_SOCKET',
    'ERR_STREAM_PREMATURE_CLOSE',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    CLOSED_IN_BODY,
  )
}

/** The SDK tried to connect: anything else, such as a key that could not be had, failed before there was a request. */
function wasSent(e: Evidence): boolean {
  return e.ending.kind === 'request_failed' && e.ending.error.names.some((name) => name.startsWith('APIConnection'))
}

function isUndiciTimer(e: Evidence): boolean {
  return hasCode(e, 'UND_ERR_HEADERS_TIMEOUT')
}

/** Codes of an HTTP client that was closed, or told to stop, by the process that it is part of. */
const GIVEN_UP_CODES = ['UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'UND_ERR_ABORTED', 'ERR_STREAM_DESTROYED']

function isGivenUpHere(e: Evidence): string | false {
  const code = GIVEN_UP_CODES.find((found) => bodyHasCode(e, found))
  return code === undefined ? false : `this process closed the connection itself (${code})`
}

function seenIdleTimer(e: Evidence): string | false {
  const timer = findSeenTimer('idle', e.lastWaitMs, e.suspects)
  return (
    timer !== undefined &&
    `${silence(e)}; the response came through ${ownersOf(timer)}, whose timer is ${timer.seconds} s`
  )
}

function seenDurationLimit(e: Evidence): string | false {
  const timer = findSeenTimer('duration', e.durationMs, e.suspects)
  return (
    timer !== undefined &&
    `ended after ${seconds(e.durationMs)}; the response came through ${ownersOf(timer)}, whose limit is ${timer.seconds} s`
  )
}

function knownIdleTimer(e: Evidence): string | false {
  const timer = findKnownTimer('idle', e.lastWaitMs)
  return (
    timer !== undefined && `${silence(e)}, near the ${timer.seconds} s of ${ownersOf(timer)}, of which nothing was seen`
  )
}

function knownDurationLimit(e: Evidence): string | false {
  const timer = findKnownTimer('duration', e.durationMs)
  return (
    timer !== undefined &&
    `ended after ${seconds(e.durationMs)}, near the ${timer.seconds} s of ${ownersOf(timer)}, of which nothing was seen`
  )
}

/** Somebody's own timer: a round number of seconds, a silence like none before, and a hop that may have a timer. */
function roundSilence(e: Evidence): string | false {
  const round = e.suspects.length === 0 ? undefined : findRoundSilence(e.lastWaitMs, e.suspects)
  if (round === undefined || e.lastWaitMs < UNLIKE_BEFORE * e.longestEarlierWaitMs) return false
  const hops = e.suspects.join(', ')
  return `${silence(e)}, close to ${round} s and far above every wait before it; the response came through ${hops}`
}

/** How many times as long as every other a silence must be to stand out. */
const UNLIKE_BEFORE = 4

/** Most owners that are named in a sentence. */
const NAMED_OWNERS = 3

function ownersOf({ owners }: TimerMatch): string {
  const named = owners.slice(0, NAMED_OWNERS).join(', ')
  return owners.length > NAMED_OWNERS ? `${named} and others` : named
}

function silence(e: Evidence): string {
  return `${seconds(e.lastWaitMs)} without a byte`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
