import type { FaultCode } from '@streamgauge/core'
import { isRecord } from './records.ts'

/**
 * Stands before the first chunk of an answer that begins anew: what was handed over before is no part of it, and is to be
 * cleared. Comes only where `afterDelivery` is `restart`, or where a policy says so.
 */
export interface RestartMarker {
  readonly type: 'streamgauge.restart'
  /** Which attempt begins, from 2. */
  readonly attempt: number
  /** Chunks that don't count any more. */
  readonly discarded: number
  /** What the attempt before broke by. */
  readonly code: FaultCode
}

/** Whether a chunk is the mark of a new beginning. */
export function isRestart(chunk: unknown): chunk is RestartMarker {
  return isRecord(chunk) && chunk['type'] === 'streamgauge.restart'
}
