import type { Outcome } from '@streamgauge/core'

import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'

import type { Row, Store } from '../store/store.ts'
import type { StreamConditions } from './stream-conditions.ts'

import { barWidth } from './bar-width.ts'
import { numberColumn, textColumn } from './columns.ts'
import { groupBy } from './group-by.ts'

/** Share of the streams that may have a parse error, as in the alerts of @streamgauge/dashboards: an objective of 99.9 %. */
export const PARSE_ERROR_BUDGET = 0.001

/** Parse errors, and the streams that ended in the same time. */
export interface ParseErrorCounts {
  readonly parseErrors: number
  readonly ended: number
}

/** Those of one model, host or service. */
export interface ParseErrorGroup extends ParseErrorCounts {
  readonly name: string
}

/** Parse errors per stream, from the metrics: exact, also where traces are sampled. */
export interface ParseErrors extends ParseErrorCounts {
  /** Parse errors per ended stream that the objective allows. */
  readonly budget: number
  readonly models: readonly ParseErrorGroup[]
  readonly hosts: readonly ParseErrorGroup[]
  readonly services: readonly ParseErrorGroup[]
  readonly time: {
    readonly bucketMs: number
    readonly buckets: readonly (ParseErrorCounts & { readonly startMs: number })[]
  }
}

/** What parse errors can be told apart by: what the metrics know. */
export type ParseErrorConditions = Pick<StreamConditions, 'service' | 'model' | 'host' | 'sinceMs' | 'untilMs'>

/** Of a stream that was handed over or never read nobody knows how it would have ended: it is in no rate. */
const JUDGED: readonly Outcome[] = ['completed', 'broken', 'cancelled']

/** Later than any time that SQLite holds in nanoseconds. Milliseconds. */
const END_OF_TIME_MS = 9.2e12

/** Counters are exported once a second at most: narrower bars would say nothing more. */
const MIN_BUCKET_MS = 1000

/** Names of one kind that are listed. */
const MAX_GROUPS = 50

const SERIES = `
SELECT id, name, temporality, service,
  coalesce(json_extract(attributes, '$."${GEN_AI.REQUEST_MODEL}"'), '') AS model,
  coalesce(json_extract(attributes, '$."${GEN_AI.SERVER_ADDRESS}"'), '') AS host
FROM metric_series
WHERE type = 'sum' AND (name = '${METRIC.PARSE_ERRORS}' OR (name = '${METRIC.ENDED}' AND
  json_extract(attributes, '$."${ATTR.OUTCOME}"') IN (${JUDGED.map((name) => `'${name}'`).join(', ')})))`

const SPAN_OF_TIME = `
SELECT min(time_nanos) / 1000000 AS first_ms, max(time_nanos) / 1000000 AS last_ms
FROM metric_points WHERE series_id IN (SELECT json_each.value FROM json_each(:ids))
AND time_nanos >= :sinceNanos AND time_nanos < :untilNanos`

// In the order of the index: what a counter had reached is found without sorting. What was before stands in a bar of its own.
const BARS = `
SELECT series_id, CASE WHEN time_nanos < :sinceNanos THEN -1 ELSE time_nanos / :barNanos END AS bar,
  min(value) AS oldest, max(value) AS newest, sum(value) AS total
FROM metric_points WHERE series_id IN (SELECT json_each.value FROM json_each(:ids))
AND time_nanos < :untilNanos
GROUP BY 1, 2
ORDER BY 1, 2`

const FIRST_POINT = 'SELECT min(id) AS id FROM metric_points'

/** What a counter grew by within a bar. */
interface Growth extends ParseErrorCounts {
  readonly model: string
  readonly host: string
  readonly service: string
  readonly bar: number
}

/**
 * Parse errors per stream over time, by model, host and service, as far back as the store keeps data points.
 *
 * @throws ViewerError `store_closed`.
 */
export function readParseErrors(store: Store, conditions: ParseErrorConditions): ParseErrors {
  const series = new Map(findSeries(store, conditions).map((one) => [one.id, one]))
  const ids = JSON.stringify([...series.keys()])
  const { sinceNanos, untilNanos } = toNanos(conditions)
  const [span = {}] = store.select(SPAN_OF_TIME, { ids, sinceNanos, untilNanos })
  const bucketMs = barWidth(numberColumn(span, 'last_ms') - numberColumn(span, 'first_ms'), MIN_BUCKET_MS)
  const bars = store.select(BARS, { ids, sinceNanos, untilNanos, barNanos: BigInt(bucketMs) * 1_000_000n })
  const isFromStart = isWhole(store)
  const growth = [...groupBy(bars, (bar) => numberColumn(bar, 'series_id'))].flatMap(([id, ofSeries]) => {
    const one = series.get(id)
    return one === undefined ? [] : growthOf(one, ofSeries, isFromStart)
  })
  return {
    budget: PARSE_ERROR_BUDGET,
    ...sum(growth),
    models: group(growth, ({ model }) => model),
    hosts: group(growth, ({ host }) => host),
    services: group(growth, ({ service }) => service),
    time: { bucketMs, buckets: overTime(growth, bucketMs) },
  }
}

interface Series {
  readonly id: number
  readonly isError: boolean
  readonly isDelta: boolean
  readonly model: string
  readonly host: string
  readonly service: string
}

function findSeries(store: Store, { service, model, host }: ParseErrorConditions): readonly Series[] {
  const all = store.select(SERIES).map((row) => ({
    id: numberColumn(row, 'id'),
    isError: row['name'] === METRIC.PARSE_ERRORS,
    isDelta: row['temporality'] === 'delta',
    // A number, where any program made it one.
    model: String(row['model']),
    host: String(row['host']),
    service: textColumn(row, 'service'),
  }))
  return all.filter(
    (one) =>
      (service === undefined || one.service === service) &&
      (model === undefined || one.model === model) &&
      (host === undefined || one.host === host),
  )
}

/** Whether no data point was dropped yet. */
function isWhole(store: Store): boolean {
  return numberColumn(store.select(FIRST_POINT)[0] ?? {}, 'id') <= 1
}

/**
 * How much a counter grew from bar to bar. What it had counted before its first point belongs to that point, unless points
 * were dropped: then nobody knows when that was, and it is left out.
 */
function growthOf(series: Series, bars: readonly Row[], isFromStart: boolean): readonly Growth[] {
  const { isError, isDelta, model, host, service } = series
  let reached = isFromStart ? 0 : null
  return bars.flatMap((row) => {
    const [bar, newest] = [numberColumn(row, 'bar'), numberColumn(row, 'newest')]
    const grown = isDelta ? numberColumn(row, 'total') : newest - (reached ?? numberColumn(row, 'oldest'))
    reached = Math.max(newest, reached ?? 0)
    if (bar < 0 || grown <= 0) return []
    return [{ model, host, service, bar, parseErrors: isError ? grown : 0, ended: isError ? 0 : grown }]
  })
}

function toNanos({ sinceMs = 0, untilMs = END_OF_TIME_MS }: ParseErrorConditions) {
  const [sinceNanos = 0n, untilNanos = 0n] = [sinceMs, untilMs].map((ms) => BigInt(Math.floor(ms)) * 1_000_000n)
  return { sinceNanos, untilNanos }
}

function sum(growth: readonly Growth[]): ParseErrorCounts {
  return {
    parseErrors: growth.reduce((all, { parseErrors }) => all + parseErrors, 0),
    ended: growth.reduce((all, { ended }) => all + ended, 0),
  }
}

/** Those with the most parse errors first. */
function group(growth: readonly Growth[], nameOf: (one: Growth) => string): readonly ParseErrorGroup[] {
  return [...groupBy(growth, nameOf)]
    .map(([name, members]) => ({ name, ...sum(members) }))
    .toSorted((a, b) => b.parseErrors - a.parseErrors || b.ended - a.ended || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_GROUPS)
}

function overTime(growth: readonly Growth[], bucketMs: number): ParseErrors['time']['buckets'] {
  const bars = groupBy(growth, ({ bar }) => bar)
  const numbers = [...bars.keys()].toSorted((a, b) => a - b)
  const [first = 0, last = -1] = [numbers.at(0), numbers.at(-1)]
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    startMs: (first + i) * bucketMs,
    ...sum(bars.get(first + i) ?? []),
  }))
}
