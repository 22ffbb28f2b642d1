import type { ChunkStart } from '../raw-chunk/mask.ts'
import type { ReadRecord } from '../recorder/read-ring.ts'
import type { FaultCode, MalformedDetail } from '../faults/codes.ts'
import type { CauseFinding } from '../faults/find-cause.ts'
import type { ResponseFacts } from '../faults/evidence.ts'
import type { Usage } from '../answer/answer.ts'
import type { AnomalyType, Cause, ChunkKind, Confidence, Outcome, StreamApi, StreamEnd } from '../vocabulary.ts'

/** Something worth knowing that does not change how a stream ended. */
export interface Anomaly {
  readonly type: AnomalyType
  /** Milliseconds on the caller's clock at which it was seen. */
  readonly atMs: number
  /** Its own facts, by attribute name; durations in seconds. */
  readonly attributes: Readonly<Record<string, number | string>>
  /** Why, where something points to it. */
  readonly cause?: Cause | undefined
  readonly confidence?: Confidence | undefined
  readonly evidence?: string | undefined
  /** One line of advice, of the catalogue. */
  readonly remedy: string
}

/** The chunk that a fault is about, as it came: raw and unmasked. */
export interface ChunkRecord {
  /** The bytes still held of it. */
  readonly bytes: Uint8Array
  /** Index among the stream's events; the number of events for one that never ended. */
  readonly index: number
  /** Byte offset of `bytes` in the body. */
  readonly offset: number
  /** Bytes of the whole chunk; above `bytes.length` where its beginning was not held any more. */
  readonly size: number
  /** Offset in `bytes` of the place where it broke, where one can be told. */
  readonly breakAt?: number | undefined
  /** What `bytes` begins with: the body, a line of it, or the middle of who knows what. Masking rests on it. */
  readonly start: ChunkStart
}

/** A fault of the catalogue, found in one stream. */
export interface Fault extends CauseFinding {
  readonly code: FaultCode
  readonly detail?: MalformedDetail | undefined
  readonly remedy: string
  readonly chunk?: ChunkRecord | undefined
}

/** Everything known of one stream at its end. */
export interface StreamReport {
  readonly api: StreamApi
  readonly outcome: Outcome
  readonly end: StreamEnd
  /** Present exactly when the outcome is `broken`. */
  readonly fault?: Fault | undefined
  /** Events that could not be parsed, the one cut by whatever ended the stream among them; counted under the fault's code. */
  readonly parseErrors: number
  readonly anomalies: readonly Anomaly[]
  readonly response?: ResponseFacts | undefined

  /** Reads of the body, SSE events but `[DONE]`, bytes. */
  readonly reads: number
  readonly events: number
  readonly bytes: number
  /** Events by what they brought, as far as they were decoded. */
  readonly chunks: Readonly<Record<ChunkKind, number>>
  /** Milliseconds on the caller's clock. */
  readonly startedAtMs: number
  readonly endedAtMs: number
  /** From the request to the first chunk of output, in milliseconds. */
  readonly timeToFirstChunkMs?: number | undefined
  /**
   * Longest wait for bytes after the first ones, in milliseconds. Time in which the consumer did not ask, or in which this
   * process was too busy to see bytes, is not in it.
   */
  readonly maxGapMs: number
  /** Time in which the consumer had bytes and did not ask for more, in milliseconds. */
  readonly consumerIdleMs: number
  /** The last reads, oldest first. */
  readonly recentReads: readonly ReadRecord[]

  readonly finishReasons: readonly string[]
  readonly usage?: Usage | undefined
  readonly responseId?: string | undefined
  readonly responseModel?: string | undefined
  readonly systemFingerprint?: string | undefined
  readonly serviceTier?: string | undefined
  readonly lastSequenceNumber?: number | undefined
}
