import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'

import type { Store } from '../store/store.ts'

import { attributesColumn, numberColumn, textAttribute } from './columns.ts'

/**
 * How many pieces of streams could not be parsed, from the metrics that were received: exact, also where traces are
 * sampled.
 *
 * @public
 */
export interface ParseErrorRate {
  /** Events that could not be parsed: the numerator. */
  readonly parseErrors: number
  readonly parseErrorsByType: Readonly<Record<string, number>>
  /** Streams that have ended, in whatever way. */
  readonly ended: number
  readonly endedByOutcome: Readonly<Record<string, number>>
  /** Chunks that came, from streams in flight too. */
  readonly chunks: number
  /** Parse errors per ended stream; `null` before any ended. */
  readonly perStream: number | null
  /** Parse errors per chunk; `null` before any came. */
  readonly perChunk: number | null
}

/** @public */
export interface ParseErrorRateFilter {
  readonly service?: string | undefined
}

/**
 * Each series holds its total: the newest cumulative value, or the sum of its deltas. Of 20,000 series most have the attributes
 * of many others, which are read once.
 */
const QUERY = `
SELECT sum(total) AS total, attributes
FROM metric_series
WHERE name = :metric AND type = 'sum' AND total IS NOT NULL AND (:service IS NULL OR service = :service)
GROUP BY attributes`

/**
 * The parse-error rate over everything received so far, of all processes and all their lives.
 *
 * @throws ViewerError `store_closed`.
 * @public
 */
export function parseErrorRate(store: Store, filter: ParseErrorRateFilter = {}): ParseErrorRate {
  const service = filter.service ?? null
  const errors = totalsBy(store, METRIC.PARSE_ERRORS, GEN_AI.ERROR_TYPE, service)
  const ended = totalsBy(store, METRIC.ENDED, ATTR.OUTCOME, service)
  const chunks = totalsBy(store, METRIC.CHUNKS, ATTR.CHUNK_KIND, service)
  return {
    parseErrors: errors.total,
    parseErrorsByType: errors.by,
    ended: ended.total,
    endedByOutcome: ended.by,
    chunks: chunks.total,
    perStream: ended.total > 0 ? errors.total / ended.total : null,
    perChunk: chunks.total > 0 ? errors.total / chunks.total : null,
  }
}

/** The sum over a metric's series, in all and for each value of one attribute ('' where a series lacks it). */
function totalsBy(store: Store, metric: string, attribute: string, service: string | null) {
  const by = new Map<string, number>()
  let total = 0
  for (const row of store.select(QUERY, { metric, service })) {
    const value = numberColumn(row, 'total')
    const key = textAttribute(attributesColumn(row), attribute) ?? ''
    total += value
    by.set(key, (by.get(key) ?? 0) + value)
  }
  return { total, by: Object.fromEntries(by) }
}
