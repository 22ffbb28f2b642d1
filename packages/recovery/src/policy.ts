import type { FaultCode, StreamReport } from '@streamgauge/core'
import type { Uncontinuable } from './continue-request.ts'
import type { Effect } from './effects.ts'
import { isRecord, readProperty } from './records.ts'
import { readHeader } from './response-facts.ts'

/** What a policy decides from: one attempt that broke. */
export interface BrokenStream {
  readonly code: FaultCode
  /** Everything that is known of the attempt. */
  readonly report: StreamReport
  /** What the SDK threw, or the error event that the server sent; `undefined` where the stream just ended. */
  readonly cause: unknown
  /** Which attempt it was, from 1. */
  readonly attempt: number
  /** Chunks that the app has of this answer; 0 after a restart, until the new attempt brings one. */
  readonly delivered: number
  /** A response in the background, of which the id is known and `client` was given. */
  readonly canResume: boolean
  /** Why the answer can't be continued from its text; `undefined` where it can. */
  readonly uncontinuable: Uncontinuable | undefined
  /** Why the request may leave something behind; `undefined` where it can't. */
  readonly effect: Effect | undefined
  /** The server's `x-should-retry`. */
  readonly shouldRetry: boolean | undefined
}

/**
 * What is done about a broken attempt. `restart` sends the request again, and `resume` and `continue` go on behind what the
 * app has; the bounds of the options hold for whatever a policy says. `resume` and `continue` end like `throw` where they
 * can't be done.
 */
export type RecoveryAction = 'throw' | 'restart' | 'resume' | 'continue'

/** Decides what is done about a broken attempt. What it throws reaches the app as it is. */
export type RecoveryPolicy = (broken: BrokenStream) => RecoveryAction

/** What is done where something was delivered and the API can't resume. */
export type AfterDelivery = 'throw' | 'restart' | 'continue'

/**
 * The policy that is used where none is given.
 *
 * A response in the background is resumed. Where nothing was delivered, a request without effects is sent again if the fault
 * may pass. Where something was delivered, `afterDelivery` says what is done about such a fault.
 */
export function createPolicy(afterDelivery: AfterDelivery = 'throw', mayRepeat: boolean = false): RecoveryPolicy {
  return (broken) => {
    const wanted = findWanted(broken, afterDelivery)
    return wanted !== 'resume' && !mayRepeat && isUnsafe(broken) ? 'throw' : wanted
  }
}

/** What the default policy would do about a break if requests left nothing behind. */
function findWanted(broken: BrokenStream, afterDelivery: AfterDelivery): RecoveryAction {
  if (!isTransient(broken)) return 'throw'
  if (broken.canResume) return 'resume'
  if (broken.delivered === 0) return 'restart'
  return afterDelivery === 'continue' && broken.uncontinuable !== undefined ? 'throw' : afterDelivery
}

/** The request may leave something behind, and may have been acted on. */
function isUnsafe(broken: BrokenStream): boolean {
  return broken.effect !== undefined && !wasRefused(broken)
}

/** Whether it was that alone which kept the default policy from another attempt. */
export function isHeldBack(broken: BrokenStream, afterDelivery: AfterDelivery = 'throw'): boolean {
  return isUnsafe(broken) && findWanted(broken, afterDelivery) !== 'throw'
}

/**
 * Codes of faults that another attempt may not meet. Not in it: what the app itself ended (`client_timeout`), what the same
 * server will do again (`not_event_stream`, `empty_event`), and an answer that is whole (`late_transport_error`).
 */
const TRANSIENT_FAULTS: ReadonlySet<FaultCode> = new Set([
  'connection_failed',
  'headers_timeout',
  'body_timeout',
  'connection_reset',
  'premature_close',
  'protocol_error',
  'empty_stream',
  'malformed_event',
  'truncated_event',
  'unterminated_event',
  'missing_terminator',
])

/** Statuses that pass: those that the SDKs of OpenAI ask again for, but for two that say that the server can't do this. */
function isTransientStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
}

/** Whether another attempt may fare better. A server that says so by `x-should-retry` is believed. */
export function isTransient({ code, cause, shouldRetry }: BrokenStream): boolean {
  if (shouldRetry !== undefined) return shouldRetry
  if (code === 'upstream_error') return isTransientError(cause)
  if (code === '429' && readErrorNames(cause).some((name) => SPENT.test(String(name)))) return false
  return /^\d+$/.test(code) ? isTransientStatus(Number(code)) : TRANSIENT_FAULTS.has(code)
}

/**
 * Whether the request was turned away before anything was done about it: by a status that says just that, or since nobody was
 * there to take it.
 *
 * A 503 alone doesn't say that: Envoy answers so too where the connection behind it broke with the request on its way. One that
 * says when to come back is a refusal.
 *
 * @see https://www.envoyproxy.io/docs/envoy/v1.31.0/configuration/observability/access_log/usage (`UC`, "in addition to 503")
 */
export function wasRefused({ code, shouldRetry, cause }: BrokenStream): boolean {
  if (code === '429') return true
  const headers = readProperty(cause, 'headers')
  if (code === '503' && RETRY_HEADERS.some((name) => readHeader(headers, name) !== undefined)) return true
  if (/^\d+$/.test(code)) return shouldRetry === true
  return code === 'connection_failed' && hasCode(cause, NEVER_SENT)
}

const RETRY_HEADERS = ['retry-after', 'retry-after-ms'] as const

/** Nobody listens there, or there is no such place: no byte of the request was sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Longest chain of causes that is followed. */
const MAX_CAUSES = 8

function hasCode(error: unknown, codes: ReadonlySet<unknown>): boolean {
  let current = error
  for (let depth = 0; depth < MAX_CAUSES && isRecord(current); depth++) {
    if (codes.has(readProperty(current, 'code'))) return true
    current = readProperty(current, 'cause')
  }
  return false
}

/** What servers call errors of the moment, in a code or a type. What has another name, such as a quota, is not of the moment. */
const TRANSIENT_ERROR =
  /^(server_?error|internal(_server)?_error|internal|api_error|.*overloaded.*|rate_limit.*|.*unavailable.*|.*timeout.*)$/i

/** What servers call a quota that is spent or a bill that is not paid; both come as 429, like a limit of the moment. */
const SPENT = /^(insufficient_(quota|balance|credit).*|exceeded_current_quota.*|billing_.*)$/i

/** Codes and types of an error, from what the SDK threw or from the event that brought it. */
function readErrorNames(cause: unknown): (string | number)[] {
  const response = readProperty(cause, 'response')
  const inner = readProperty(response, 'error') ?? readProperty(cause, 'error')
  const values = [inner, cause].flatMap((error) => ['code', 'type'].map((name) => readProperty(error, name)))
  return values.filter((value) => typeof value === 'string' || typeof value === 'number')
}

/** Goes by the first name that says something. */
function isTransientError(cause: unknown): boolean {
  for (const name of readErrorNames(cause)) {
    const isStatus = /^[45]\d\d$/.test(String(name))
    if (isStatus) return isTransientStatus(Number(name))
    // A server's own number says nothing, nor does an event that is called `error`.
    if (typeof name === 'string' && name !== 'error' && !name.startsWith('response.')) return TRANSIENT_ERROR.test(name)
  }
  return false
}
