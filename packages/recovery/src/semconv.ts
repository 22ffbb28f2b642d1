/**
 * Every name that recovery sends to OpenTelemetry. Names that it shares with the instrumentation (`error.type`,
 * `streamgauge.stream.outcome`, `streamgauge.cause`, …) are those of `@streamgauge/core/semconv`.
 */

/** The span of one attempt. */
export const RECOVERY_SPAN = 'streamgauge.recovery.attempt'

/** Attributes of an attempt's span, and of the counters where they say so. */
export const RECOVERY_ATTR = {
  /** Which attempt of its stream it is, from 1. */
  NUMBER: 'streamgauge.recovery.attempt.number',
  /** How the attempt came about: `start`, `restart`, `resume`, `poll` or `continue`. Also of `RECOVERED`, that of the last. */
  ACTION: 'streamgauge.recovery.action',
  /** What came of the break: `restart`, `resume`, `continue`, `keep` (the answer was whole) or `throw`. */
  DECISION: 'streamgauge.recovery.decision',
  /** Why it was given up: a `GiveUpReason`. Also of `GIVEN_UP`. */
  REASON: 'streamgauge.recovery.reason',
  /** Wait before the attempt, in seconds. */
  DELAY: 'streamgauge.recovery.delay',
  /** Chunks that the attempt handed to the app. */
  CHUNKS: 'streamgauge.recovery.chunks',
  /** Chunks that a resumed stream brought again and that were left out. */
  REPEATED: 'streamgauge.recovery.repeated',
  /** Sequence numbers that are missing where a resumed stream was joined to the one before. */
  MISSING: 'streamgauge.recovery.missing',
  /** The end was judged without a look at the bytes. */
  UNSEEN: 'streamgauge.recovery.unseen',
  /** What was put right: a `RepairType`. Of `REPAIRED`. */
  REPAIR_TYPE: 'streamgauge.recovery.repair.type',
} as const

/** Counters. */
export const RECOVERY_METRIC = {
  /** Streams that broke, and of which the app got the whole answer nevertheless. `{stream}`, by `error.type` of the first break. */
  RECOVERED: 'streamgauge.recovery.recovered',
  /** Streams that broke, and ended in an error. `{stream}`, by `error.type` of the last break and the reason. */
  GIVEN_UP: 'streamgauge.recovery.given_up',
  /** Places in event streams that `reassemble` put right. `{repair}`, by type. */
  REPAIRED: 'streamgauge.recovery.repaired',
} as const
