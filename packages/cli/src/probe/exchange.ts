import type {
  Anomaly,
  AnomalyType,
  Cause,
  Confidence,
  HopName,
  Outcome,
  ResponseFacts,
  StreamEnd,
} from '@streamgauge/core'
import type { Asking } from './plan.ts'
import type { BodyStop } from './read-body.ts'
import type { TlsFacts } from './tls-facts.ts'

/** Why there was no answer, or none to judge. */
export type Obstacle =
  /** No connection, or none that says anything: a name that does not resolve, a refusal, a certificate, silence. */
  | 'unreachable'
  | 'key_refused'
  /** Something is there, but it is no OpenAI-like server, or it is elsewhere. */
  | 'not_openai'
  /** An OpenAI-like server that says no: an unknown model, a limit, a fault of its own. */
  | 'refused'

/** What stood in the way. */
export interface ObstacleFinding {
  readonly kind: Obstacle
  /** What, where, and what to do, as far as that is known. */
  readonly sentence: string
  /** More of what to do. */
  readonly remedy?: string | undefined
}

/** One request and its answer, as seen on the wire. Durations in milliseconds, counted from the request. */
export interface Exchange {
  readonly asking: Asking['name']
  readonly title: string
  readonly httpVersion: string | null
  /** It went over the connection of the request before. */
  readonly reusedConnection: boolean
  /** To open the connection: `null` where there was one. */
  readonly connectMs: number | null
  readonly tls: TlsFacts | null
  readonly status: number | null
  readonly contentType: string | null
  readonly contentEncoding: string | null
  readonly framing: ResponseFacts['framing'] | null
  /** The server said that it closes the connection after the answer. */
  readonly closesConnection: boolean
  readonly server: string | null
  readonly via: string | null
  readonly hops: readonly HopName[]
  readonly headersMs: number | null
  readonly firstByteMs: number | null
  readonly firstEventMs: number | null
  readonly lastEventMs: number | null
  readonly endMs: number
  readonly longestGapMs: number
  readonly events: number
  readonly reads: number
  /** Of the body, as they came. */
  readonly wireBytes: number
  readonly comments: number
  readonly sawDone: boolean
  /** Events in each of {@link ARRIVAL_PARTS} equal parts of the time. */
  readonly arrival: readonly number[]
  readonly stop: BodyStop | null
  readonly outcome: Outcome
  readonly end: StreamEnd
  readonly fault: FaultFinding | null
  readonly anomalies: readonly AnomalyFinding[]
  readonly finishReasons: readonly string[]
  readonly outputTokens: number | null
  readonly obstacle: ObstacleFinding | null
}

/** A fault of the catalogue, as it was found. */
export interface FaultFinding {
  readonly code: string
  readonly detail: string | null
  readonly cause: Cause
  readonly confidence: Confidence
  readonly evidence: string
  readonly remedy: string
}

/** An anomaly of the catalogue, as it was found. */
export interface AnomalyFinding {
  readonly type: AnomalyType
  readonly cause: Cause | null
  readonly confidence: Confidence | null
  readonly evidence: string | null
  readonly remedy: string
  readonly attributes: Anomaly['attributes']
}

/** Parts of the time of an exchange in which events are counted. */
export const ARRIVAL_PARTS = 20
