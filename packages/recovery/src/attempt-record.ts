import type { AnomalyType, Confidence, FaultCode, Outcome, Usage } from '@streamgauge/core'

/** How an attempt came about: as the first one, by sending the request again, or by going on with what is there. */
export type AttemptAction = 'start' | 'restart' | 'resume' | 'poll' | 'continue'

/** What became of one attempt. */
export interface AttemptRecord {
  /** From 1. */
  readonly number: number
  readonly action: AttemptAction
  /** Wait before it, in milliseconds. */
  readonly delayMs: number
  readonly durationMs: number
  readonly outcome: Outcome
  /** Where it broke. */
  readonly code?: FaultCode | undefined
  /** How sure the cause is; `guess` wherever the bytes were not seen. */
  readonly confidence?: Confidence | undefined
  /** Chunks that the app was handed. */
  readonly chunks: number
  /** Chunks of output among all that came, whether or not they were handed over. */
  readonly outputChunks: number
  /** Tokens as the server counted them; a stream that broke rarely came to that. */
  readonly usage?: Usage | undefined
  /** Events of a resumed stream that the app had already. */
  readonly repeated: number
  /**
   * Sequence numbers that are missing between what the app had and the first event of a resumed stream; of an attempt that polls
   * for that reason, those that the app never got.
   */
  readonly missing: number
  /** What was odd about it, by the catalogue of core; `sequence_gap` among them wherever something is `missing`. */
  readonly anomalies: readonly AnomalyType[]
}
