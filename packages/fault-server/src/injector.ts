import type { AnomalyType, Cause, Confidence, FaultCode, MalformedDetail, Outcome } from '@streamgauge/core'
import { STREAMING_APIS, type AnswerShape, type StreamingApi } from './answer/answer.ts'
import type { Exchange } from './exchange.ts'

/**
 * What a truthful observer says about a stream.
 *
 * @public
 */
export interface Expected {
  readonly outcome: Outcome
  /** The `error.type`; absent where the outcome is not `broken`. */
  readonly errorType?: FaultCode
  /** What exactly is wrong in a `malformed_event`. */
  readonly detail?: MalformedDetail
  /** Why it broke, and how sure one can be of it at the client's end; absent where nothing was to be seen of that. */
  readonly cause?: readonly [cause: Cause, confidence: Confidence]
  /**
   * The anomalies that must be reported. An observer may add those that depend on timing alone (`buffered`, `coalesced`):
   * on loopback a whole answer often arrives in one read.
   */
  readonly anomalies?: readonly AnomalyType[]
}

/**
 * A major version of the `openai` package whose behaviour is known.
 *
 * @public
 */
export type SdkMajor = 4 | 5 | 6 | 7

/**
 * What a client has to do, or to be told, for the expectation to hold. A driver runs every injector from this alone.
 * The durations are milliseconds and belong to `timeScale: 1`; multiply them along with the server's.
 *
 * @public
 */
export interface ClientHints {
  /** The SDK's `timeout`: milliseconds until the response headers. */
  readonly timeoutMs?: number
  /** Pass `AbortSignal.timeout(signalTimeoutMs)` as the request's signal. */
  readonly signalTimeoutMs?: number
  /**
   * The SDK's `maxRetries`: 0 where it would otherwise ask again before it reports the failure, more where it has to ask
   * again.
   */
  readonly maxRetries?: number
  /** Ask with `stream_options: { include_usage: true }`. */
  readonly includeUsage?: boolean
  /** Set the observer's stall threshold to this many milliseconds. */
  readonly stallThresholdMs?: number
}

/**
 * One way to answer: a fault, or a healthy stream in unusual spelling. One file each.
 *
 * @public
 */
export interface Injector {
  /** What requests ask for, in snake_case; unique across faults and healthy streams. */
  readonly name: string
  /** One sentence: what happens on the wire. */
  readonly summary: string
  /** Which interfaces it makes sense on; `any` works on all that stream. */
  readonly api: 'any' | StreamingApi | readonly StreamingApi[]
  /** The version of HTTP that it needs. Default: either. */
  readonly http?: 1 | 2
  readonly expected: Expected
  /** Where the truth depends on the major version of the SDK; overrides `expected`. */
  readonly expectedByMajor?: Readonly<Partial<Record<SdkMajor, Expected>>>
  readonly client?: ClientHints
  /** The healthy answer that it starts from. Default: a text of some words. */
  readonly answer?: AnswerShape
  /** It also answers requests that don't stream, since it acts before any body. */
  readonly alsoUnstreamed?: true
  /** Answers one request. Must end the exchange by `end`, `close`, `reset` or `hold`, or as only HTTP/2 can. */
  play(exchange: Exchange): Promise<void>
}

/**
 * What to expect of an injector under a major version of the SDK.
 *
 * @public
 */
export const expectedFor = (injector: Injector, major: SdkMajor): Expected =>
  injector.expectedByMajor?.[major] ?? injector.expected

/**
 * The interfaces that an injector makes sense on, in the order of `STREAMING_APIS`.
 *
 * @public
 */
export const listApis = ({ api }: Pick<Injector, 'api'>): readonly StreamingApi[] =>
  STREAMING_APIS.filter((name) => api === 'any' || (typeof api === 'string' ? api === name : api.includes(name)))

/**
 * Whether an injector makes sense on an interface.
 *
 * @public
 */
export const speaks = (injector: Pick<Injector, 'api'>, api: StreamingApi): boolean => listApis(injector).includes(api)
