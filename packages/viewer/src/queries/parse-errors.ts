import type { Outcome } from '@streamgauge/core'

import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'

import type { Parameters, Store } from '../store/store.ts'
import type { StreamConditions } from './find-streams.ts'

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

/** Parse errors per stream, from the metrics: exact, also where traces are sampled. */
export interface ParseErrors extends ParseErrorCounts {
  /** Parse errors per ended stream that the objective allows. */
  readonly budget: number
  readonly models: readonly (ParseErrorCounts & { readonly name: string })[]
  readonly hosts: readonly (ParseErrorCounts & { readonly name: string })[]
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

/**
 * How much each counter grew from one export to the next. What it had counted before its first point belongs to that point,
 * unless points were dropped: then nobody knows when that was, and it is left out.
 */
const GROWTH = `
WITH series AS (
  SELECT id, name, temporality, json_extract(attributes, '$."${GEN_AI.REQUEST_MODEL}"') AS model,
    json_extract(attributes, '$."${GEN_AI.SERVER_ADDRESS}"') AS host
  FROM metric_series
  WHERE type = 'sum' AND (:service IS NULL OR service = :service) AND (name = '${METRIC.PARSE_ERRORS}' OR (
    name = '${METRIC.ENDED}' AND
    json_extract(attributes, '$."${ATTR.OUTCOME}"') IN (${JUDGED.map((name) => `'${name}'`).join(', ')})))
), points AS (
  SELECT name, model, host, time_nanos, CASE temporality WHEN 'delta' THEN value ELSE
    value - lag(value, 1, CASE (SELECT min(id) FROM metric_points) WHEN 1 THEN 0 ELSE value END)
      OVER (PARTITION BY series_id ORDER BY time_nanos) END AS grown
  FROM series JOIN metric_points ON series_id = series.id
)
SELECT name, coalesce(model, '') AS model, coalesce(host, '') AS host, time_nanos / 1000000 AS time_ms, sum(grown) AS grown
FROM points
WHERE grown > 0 AND time_nanos >= :sinceNanos AND time_nanos < :untilNanos
AND (:model IS NULL OR model = :model) AND (:host IS NULL OR host = :host)
GROUP BY 1, 2, 3, 4
ORDER BY 4`

interface Growth extends ParseErrorCounts {
  readonly model: string
  readonly host: string
  readonly timeMs: number
}

/**
 * Parse errors per stream over time, by model and by host, as far back as the store keeps data points.
 *
 * @throws ViewerError `store_closed`.
 */
export function readParseErrors(store: Store, conditions: ParseErrorConditions): ParseErrors {
  const growth = store.select(GROWTH, toParameters(conditions)).map((row): Growth => {
    const grown = numberColumn(row, 'grown')
    const isError = row['name'] === METRIC.PARSE_ERRORS
    return {
      model: textColumn(row, 'model'),
      host: textColumn(row, 'host'),
      timeMs: numberColumn(row, 'time_ms'),
      parseErrors: isError ? grown : 0,
      ended: isError ? 0 : grown,
    }
  })
  return {
    budget: PARSE_ERROR_BUDGET,
    ...sum(growth),
    models: group(growth, ({ model }) => model),
    hosts: group(growth, ({ host }) => host),
    time: overTime(growth),
  }
}

function toParameters({
  service,
  model,
  host,
  sinceMs = 0,
  untilMs = END_OF_TIME_MS,
}: ParseErrorConditions): Parameters {
  return {
    service: service ?? null,
    model: model ?? null,
    host: host ?? null,
    sinceNanos: toNanos(sinceMs),
    untilNanos: toNanos(untilMs),
  }
}

function toNanos(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n
}

function sum(growth: readonly Growth[]): ParseErrorCounts {
  return {
    parseErrors: growth.reduce((all, { parseErrors }) => all + parseErrors, 0),
    ended: growth.reduce((all, { ended }) => all + ended, 0),
  }
}

/** Those with the most parse errors first. */
function group(growth: readonly Growth[], nameOf: (one: Growth) => string): ParseErrors['models'] {
  return [...groupBy(growth, nameOf)]
    .map(([name, members]) => ({ name, ...sum(members) }))
    .toSorted((a, b) => b.parseErrors - a.parseErrors || b.ended - a.ended || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_GROUPS)
}

function overTime(growth: readonly Growth[]): ParseErrors['time'] {
  const [firstMs, lastMs] = [growth[0]?.timeMs ?? 0, growth.at(-1)?.timeMs ?? 0]
  const bucketMs = barWidth(lastMs - firstMs, MIN_BUCKET_MS)
  const buckets = groupBy(growth, ({ timeMs }) => Math.floor(timeMs / bucketMs))
  const numbers = [...buckets.keys()]
  const [first = 0, last = -1] = [numbers.at(0), numbers.at(-1)]
  return {
    bucketMs,
    buckets: Array.from({ length: last - first + 1 }, (_, i) => ({
      startMs: (first + i) * bucketMs,
      ...sum(buckets.get(first + i) ?? []),
    })),
  }
}
