import type { Parameters, Store } from '../store/store.ts'

import { barWidth } from './bar-width.ts'
import { numberColumn, textColumn, textOr } from './columns.ts'
import { groupBy } from './group-by.ts'

/** How many streams ended how. */
export type OutcomeCounts = Readonly<Record<string, number>>

/** The streams of one model, host or service. */
export interface GroupCounts {
  readonly name: string
  readonly streams: number
  readonly outcomes: OutcomeCounts
}

/** Streams that broke in one way for one cause. */
export interface FaultCounts {
  readonly errorType: string
  readonly cause: string | null
  readonly streams: number
}

/** Durations counted in steps that grow with them: each is a fixed share longer than the one before. */
export interface Distribution {
  readonly count: number
  /** Milliseconds. `null` without any. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly buckets: readonly { readonly fromMs: number; readonly toMs: number; readonly count: number }[]
}

/** The streams that are summed up. What is absent lets all through. */
export interface OverviewConditions {
  /** Milliseconds since 1970: the streams that began then or later. */
  readonly sinceMs?: number | undefined
  /** Milliseconds since 1970: the streams that began before. */
  readonly untilMs?: number | undefined
  readonly model?: string | undefined
  readonly host?: string | undefined
  readonly service?: string | undefined
}

/** What the store knows of the streams that meet the conditions. */
export interface Overview {
  readonly streams: number
  readonly outcomes: OutcomeCounts
  readonly faults: readonly FaultCounts[]
  readonly models: readonly GroupCounts[]
  readonly hosts: readonly GroupCounts[]
  readonly services: readonly GroupCounts[]
  readonly timeToFirstChunk: Distribution
  readonly longestGap: Distribution
  readonly time: {
    readonly bucketMs: number
    readonly buckets: readonly { readonly startMs: number; readonly outcomes: OutcomeCounts }[]
  }
}

/** Names of one kind that are listed; the rest is rare. */
const MAX_GROUPS = 50

/** Steps of a distribution for each doubling: a percentile read from them is at most 9 % too long. */
const STEPS_PER_DOUBLING = 8

/** Steps that one bar of the picture has. */
const STEPS_PER_BAR = 4

const WITHIN = `start_nanos >= :sinceNanos AND start_nanos < :untilNanos
AND (:model IS NULL OR model = :model) AND (:host IS NULL OR host = :host) AND (:service IS NULL OR service = :service)`

// One pass for all groups: a pass costs 0.1 s with 200,000 streams, whatever it counts.
const GROUPS = `
SELECT service, outcome, model, host, error_type, cause, count(*) AS streams
FROM streams WHERE ${WITHIN} GROUP BY 1, 2, 3, 4, 5, 6`

const SPAN_OF_TIME = `
SELECT min(start_nanos) / 1000000 AS first_ms, max(start_nanos) / 1000000 AS last_ms
FROM streams WHERE ${WITHIN}`

const TIME = `
SELECT start_nanos / :bucketNanos AS bucket, outcome, count(*) AS streams
FROM streams WHERE ${WITHIN} GROUP BY 1, 2 ORDER BY 1`

const steps = (column: string): string => `
SELECT CAST(floor(log2(max(${column}, 0.1)) * ${STEPS_PER_DOUBLING}) AS INTEGER) AS step, count(*) AS streams
FROM streams WHERE ${WITHIN} AND ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`

const FIRST_CHUNK = steps('first_chunk_ms')
const MAX_GAP = steps('max_gap_ms')

/** Later than any time that SQLite holds in nanoseconds. Milliseconds. */
const END_OF_TIME_MS = 9.2e12

/** Sums up the streams that meet the conditions. */
export function readOverview(store: Store, conditions: OverviewConditions): Overview {
  const parameters = toParameters(conditions)
  const rows = store.select(GROUPS, parameters).map((row) => ({
    service: textColumn(row, 'service'),
    outcome: textColumn(row, 'outcome'),
    model: textOr(row['model'], ''),
    host: textOr(row['host'], ''),
    errorType: textOr(row['error_type'], null),
    cause: textOr(row['cause'], null),
    streams: numberColumn(row, 'streams'),
  }))
  return {
    streams: rows.reduce((sum, row) => sum + row.streams, 0),
    outcomes: sumBy(rows, (row) => row.outcome),
    faults: countFaults(rows),
    models: group(rows, (row) => row.model),
    hosts: group(rows, (row) => row.host),
    services: group(rows, (row) => row.service),
    timeToFirstChunk: readDistribution(store, FIRST_CHUNK, parameters),
    longestGap: readDistribution(store, MAX_GAP, parameters),
    time: readTime(store, parameters),
  }
}

/** The conditions as an SQL statement takes them. */
export function toParameters(conditions: OverviewConditions): Parameters {
  const { sinceMs = 0, untilMs = END_OF_TIME_MS, model = null, host = null, service = null } = conditions
  return {
    sinceNanos: toNanos(sinceMs),
    untilNanos: toNanos(untilMs),
    model,
    host,
    service,
  }
}

function toNanos(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n
}

interface Counted {
  readonly streams: number
}

function sumBy<Item extends Counted>(items: readonly Item[], keyOf: (item: Item) => string): OutcomeCounts {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + item.streams)
  return Object.fromEntries(sums)
}

function group<Item extends Counted & { readonly outcome: string }>(
  rows: readonly Item[],
  nameOf: (row: Item) => string,
): readonly GroupCounts[] {
  return [...groupBy(rows, nameOf)]
    .map(([name, members]) => ({
      name,
      streams: members.reduce((sum, row) => sum + row.streams, 0),
      outcomes: sumBy(members, (row) => row.outcome),
    }))
    .toSorted((a, b) => b.streams - a.streams || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_GROUPS)
}

function countFaults(
  rows: readonly (Counted & { readonly errorType: string | null; readonly cause: string | null })[],
): readonly FaultCounts[] {
  const faults = new Map<string, FaultCounts>()
  for (const { errorType, cause, streams } of rows) {
    if (errorType === null) continue
    const key = JSON.stringify([errorType, cause])
    faults.set(key, { errorType, cause, streams: streams + (faults.get(key)?.streams ?? 0) })
  }
  return [...faults.values()].toSorted((a, b) => b.streams - a.streams).slice(0, MAX_GROUPS)
}

function readDistribution(store: Store, query: string, parameters: Parameters): Distribution {
  const found = store.select(query, parameters).map((row) => ({
    step: numberColumn(row, 'step'),
    streams: numberColumn(row, 'streams'),
  }))
  const count = found.reduce((sum, { streams }) => sum + streams, 0)
  const bars = groupBy(found, ({ step }) => Math.floor(step / STEPS_PER_BAR))
  const numbers = [...bars.keys()]
  const [first = 0, last = -1] = [numbers.at(0), numbers.at(-1)]
  return {
    count,
    p50: percentile(found, count * 0.5),
    p95: percentile(found, count * 0.95),
    p99: percentile(found, count * 0.99),
    // Empty ones between stand for themselves.
    buckets: Array.from({ length: last - first + 1 }, (_, i) => ({
      fromMs: 2 ** (((first + i) * STEPS_PER_BAR) / STEPS_PER_DOUBLING),
      toMs: 2 ** (((first + i + 1) * STEPS_PER_BAR) / STEPS_PER_DOUBLING),
      count: (bars.get(first + i) ?? []).reduce((sum, { streams }) => sum + streams, 0),
    })),
  }
}

function percentile(
  counts: readonly { readonly step: number; readonly streams: number }[],
  rank: number,
): number | null {
  let seen = 0
  for (const { step, streams } of counts) {
    seen += streams
    if (seen >= rank) return 2 ** ((step + 1) / STEPS_PER_DOUBLING)
  }
  return null
}

function readTime(store: Store, parameters: Parameters): Overview['time'] {
  const [row = {}] = store.select(SPAN_OF_TIME, parameters)
  const [firstMs, lastMs] = [numberColumn(row, 'first_ms'), numberColumn(row, 'last_ms')]
  const bucketMs = barWidth(lastMs - firstMs)
  const found = store.select(TIME, { ...parameters, bucketNanos: BigInt(bucketMs) * 1_000_000n })
  const buckets = groupBy(found, (bucket) => numberColumn(bucket, 'bucket'))
  const numbers = [...buckets.keys()]
  const [first = 0, last = -1] = [numbers.at(0), numbers.at(-1)]
  return {
    bucketMs,
    buckets: Array.from({ length: last - first + 1 }, (_, i) => ({
      startMs: (first + i) * bucketMs,
      outcomes: Object.fromEntries(
        (buckets.get(first + i) ?? []).map((one) => [textColumn(one, 'outcome'), numberColumn(one, 'streams')]),
      ),
    })),
  }
}
