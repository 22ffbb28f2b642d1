import type { Row } from '../store/store.ts'

import { numberColumn, textColumn } from '../queries/columns.ts'
import { stepOf } from './steps.ts'

/** Streams of one block: enough that walking from block to block costs nothing, few enough that the last may stand empty. */
export const BLOCK_ROWS = 4096

/** Streams in the order in which they came, a column each. Those from `from` up to `to` are in the store. */
export interface StreamBlock {
  from: number
  to: number
  readonly ids: Float64Array
  readonly startMs: Float64Array
  /** Nanoseconds of the start beyond its whole milliseconds. */
  readonly startRestNanos: Int32Array
  /** Number of the stream's group. */
  readonly groups: Uint32Array
  /** Step of the time to the first chunk; `NO_STEP` without one. */
  readonly firstChunkSteps: Int16Array
  readonly maxGapSteps: Int16Array
  /** Ids and anomalies in lower case, for the search. */
  readonly words: string[]
}

export function createBlock(): StreamBlock {
  return {
    from: 0,
    to: 0,
    ids: new Float64Array(BLOCK_ROWS),
    startMs: new Float64Array(BLOCK_ROWS),
    startRestNanos: new Int32Array(BLOCK_ROWS),
    groups: new Uint32Array(BLOCK_ROWS),
    firstChunkSteps: new Int16Array(BLOCK_ROWS),
    maxGapSteps: new Int16Array(BLOCK_ROWS),
    words: [],
  }
}

/** Puts a row of the table behind the block's last. */
export function appendRow(block: StreamBlock, row: Row, group: number): void {
  const at = block.to
  block.ids[at] = numberColumn(row, 'id')
  block.startMs[at] = numberColumn(row, 'start_ms')
  block.startRestNanos[at] = numberColumn(row, 'start_rest_nanos')
  block.groups[at] = group
  block.firstChunkSteps[at] = stepOf(row['first_chunk_ms'])
  block.maxGapSteps[at] = stepOf(row['max_gap_ms'])
  block.words.push(textColumn(row, 'words').toLowerCase())
  block.to += 1
}
