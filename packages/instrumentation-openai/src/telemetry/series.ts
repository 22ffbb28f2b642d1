import type { Attributes } from '@opentelemetry/api'
import type { METRIC } from '@streamgauge/core/semconv'

/** The counters that cells are told by. */
export type CellMetric = (typeof METRIC)['CHUNKS' | 'READS' | 'IO' | 'ENDED' | 'FAULTS' | 'PARSE_ERRORS' | 'ANOMALIES']

/** One number of a cell, as a counter is told of it. */
export interface Series {
  readonly metric: CellMetric
  /** Those of the cell, and its own: made once, since a collection asks for all of them. */
  readonly attributes: Attributes
  readonly read: () => number
  /** What meters were told so far, all together; `undefined` while none was. */
  told: number | undefined
}
