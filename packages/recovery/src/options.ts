import type { AttemptRecord } from './attempt-record.ts'
import type { Backoff } from './backoff.ts'
import { checkOptions, integer, milliseconds, ofType, oneOf, type Rules } from './check-options.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import { createPolicy, type AfterDelivery, type RecoveryPolicy } from './policy.ts'
import type { ResponsesClient } from './resume.ts'

/** How a stream is recovered. All durations are milliseconds. */
export interface RecoverOptions<Request = unknown> {
  /**
   * The body of the request, which each attempt gets back to send. From it comes what may be sent twice: without it a request
   * counts as one that may leave something behind.
   */
  readonly request?: Request | undefined
  /**
   * What is done where something was delivered and the API can't resume. `restart` puts a `RestartMarker` before the first
   * chunk of the new answer; `continue` has a server with prefill go on behind the text, and asks for its text alone.
   *
   * @defaultValue 'throw'
   */
  readonly afterDelivery?: AfterDelivery | undefined
  /**
   * The request may be sent again although it leaves something behind: a stored response, a tool that the server ran.
   *
   * @defaultValue false
   */
  readonly mayRepeat?: boolean | undefined
  /** The client that asked, to resume Responses in the background. @defaultValue none: they are not resumed */
  readonly client?: ResponsesClient | undefined
  /** Ends it all at once when it is aborted, waits included; the app gets its reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * Most attempts, the first among them, 1 to 100. Where a response in the background goes on, it is counted from the last event
   * that was new, the attempt that brought it among them; and there are at most 1000 in all.
   *
   * @defaultValue 4
   */
  readonly maxAttempts?: number | undefined
  /**
   * No attempt begins later than so long after the first, 0 to 2^31-1. One that has begun isn't cut. Where a response in the
   * background goes on, it is counted from when the app came back from the last event that was new.
   *
   * @defaultValue 300000
   */
  readonly maxElapsedMs?: number | undefined
  /** No attempt begins once the others have cost so much, above 0; in the unit of `costOf`. @defaultValue Infinity */
  readonly maxCost?: number | undefined
  /** What an attempt has cost, from 0; anything else is thrown as a RangeError. @defaultValue its chunks of output */
  readonly costOf?: ((attempt: AttemptRecord) => number) | undefined
  /** Upper end of the first wait, 0 to 2^31-1. It doubles with each attempt, and any wait up to it is taken. @defaultValue 500 */
  readonly initialDelayMs?: number | undefined
  /** Upper end of every wait, 0 to 2^31-1; a server may ask for longer. @defaultValue 8000 */
  readonly maxDelayMs?: number | undefined
  /**
   * Longest silence while the app waits for a chunk, 1 to 2^31-1: then the attempt counts as broken, by `body_timeout`. Bytes of
   * any kind are signs of life.
   *
   * @defaultValue no limit
   */
  readonly idleTimeoutMs?: number | undefined
  /** Between two looks at a response in the background that can't be streamed any more, 1 to 2^31-1. @defaultValue 2000 */
  readonly pollIntervalMs?: number | undefined
  /**
   * `'optional'`: this server ends complete answers with neither a finish reason nor `[DONE]`.
   *
   * @defaultValue what is known of the server and the model of `request`
   */
  readonly terminator?: 'required' | 'optional' | undefined
  /** Decides in place of the default policy, `afterDelivery` and `mayRepeat`. */
  readonly policy?: RecoveryPolicy | undefined
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined
  /** From 0 to 1, 1 not among them. @defaultValue Math.random */
  readonly random?: (() => number) | undefined
}

/** The options with every default filled in. */
export interface Settings<Request> extends Backoff {
  readonly request: Request
  readonly client: ResponsesClient | undefined
  readonly signal: AbortSignal | undefined
  readonly maxAttempts: number
  readonly maxElapsedMs: number
  readonly maxCost: number
  readonly costOf: (attempt: AttemptRecord) => number
  readonly idleTimeoutMs: number | undefined
  readonly pollIntervalMs: number
  readonly terminator: 'required' | 'optional' | undefined
  readonly policy: RecoveryPolicy
  /** Of the default policy; `undefined` where the app has one of its own. */
  readonly afterDelivery: AfterDelivery | undefined
  readonly clock: Clock
  readonly random: () => number
}

const RULES: Rules<RecoverOptions> = {
  request: ofType('object', 'the body of the request'),
  afterDelivery: oneOf('throw', 'restart', 'continue'),
  mayRepeat: oneOf(true, false),
  client: ofType('object', 'a client of openai'),
  signal: ofType('object', 'an AbortSignal'),
  maxAttempts: integer(1, 100),
  maxElapsedMs: milliseconds(0),
  maxCost: { allowed: 'a number above 0', accepts: (value) => typeof value === 'number' && value > 0 },
  costOf: ofType('function', 'a function of an attempt'),
  initialDelayMs: milliseconds(0),
  maxDelayMs: milliseconds(0),
  idleTimeoutMs: milliseconds(1),
  pollIntervalMs: milliseconds(1),
  terminator: oneOf('required', 'optional'),
  policy: ofType('function', 'a function of a broken stream'),
  clock: ofType('object', 'a clock'),
  random: ofType('function', 'a function without arguments'),
}

/** @throws RangeError that names an option, what is allowed and what came. */
export function resolveOptions<Request>(options: RecoverOptions<Request>): Settings<Request> {
  checkOptions<RecoverOptions>(options, RULES)
  const { afterDelivery, mayRepeat } = options
  return {
    request: options.request as Request,
    client: options.client,
    signal: options.signal,
    maxAttempts: options.maxAttempts ?? 4,
    maxElapsedMs: options.maxElapsedMs ?? 300_000,
    maxCost: options.maxCost ?? Infinity,
    costOf: options.costOf ?? (({ outputChunks }) => outputChunks),
    initialDelayMs: options.initialDelayMs ?? 500,
    maxDelayMs: options.maxDelayMs ?? 8000,
    idleTimeoutMs: options.idleTimeoutMs,
    pollIntervalMs: options.pollIntervalMs ?? 2000,
    terminator: options.terminator,
    policy: options.policy ?? createPolicy(afterDelivery, mayRepeat),
    afterDelivery: options.policy === undefined ? (afterDelivery ?? 'throw') : undefined,
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? Math.random,
  }
}
