import type { Store } from '../store/store.ts'
import type { StreamGroup } from '../stream-index/stream-groups.ts'
import type { StreamConditions } from './stream-conditions.ts'

import { NO_STEP, stepStartMs } from '../stream-index/steps.ts'
import { streamColumnsOf } from '../stream-index/stream-index.ts'
import { barWidth } from './bar-width.ts'
import { groupBy } from './group-by.ts'
import { walkStreams } from './stream-conditions.ts'

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

/** Sums over the streams that meet some conditions. */
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

/** Steps that one bar of the picture has. */
const STEPS_PER_BAR = 4

/** Sums up the streams that meet the conditions. */
export function readOverview(store: Store, conditions: StreamConditions): Overview {
  const columns = streamColumnsOf(store)
  const counts = new Uint32Array(columns.groups.length)
  const starts = { ms: new Float64Array(columns.size), groups: new Uint32Array(columns.size), count: 0 }
  const firstChunks = new Map<number, number>()
  const maxGaps = new Map<number, number>()
  walkStreams(columns, conditions, (block, row) => {
    const number = block.groups[row] ?? 0
    counts[number] = (counts[number] ?? 0) + 1
    countStep(firstChunks, block.firstChunkSteps[row])
    countStep(maxGaps, block.maxGapSteps[row])
    starts.ms[starts.count] = block.startMs[row] ?? 0
    starts.groups[starts.count] = number
    starts.count += 1
  })
  const rows = columns.groups
    .filter((group) => group !== undefined)
    .map((group) => ({ ...group, streams: counts[group.number] ?? 0 }))
    .filter(({ streams }) => streams > 0)
  return {
    streams: starts.count,
    outcomes: sumBy(rows, (row) => row.outcome),
    faults: countFaults(rows),
    models: groupsBy(rows, (row) => row.model ?? ''),
    hosts: groupsBy(rows, (row) => row.host ?? ''),
    services: groupsBy(rows, (row) => row.service),
    timeToFirstChunk: toDistribution(firstChunks),
    longestGap: toDistribution(maxGaps),
    time: toTime(starts, columns.groups),
  }
}

function countStep(steps: Map<number, number>, step: number = NO_STEP): void {
  if (step !== NO_STEP) steps.set(step, (steps.get(step) ?? 0) + 1)
}

interface Counted {
  readonly streams: number
}

function sumBy<Item extends Counted>(items: readonly Item[], keyOf: (item: Item) => string): OutcomeCounts {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + item.streams)
  return Object.fromEntries(sums)
}

function groupsBy<Item extends Counted & { readonly outcome: string }>(
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

function toDistribution(steps: ReadonlyMap<number, number>): Distribution {
  const found = [...steps].map(([step, streams]) => ({ step, streams })).toSorted((a, b) => a.step - b.step)
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
      fromMs: stepStartMs((first + i) * STEPS_PER_BAR),
      toMs: stepStartMs((first + i + 1) * STEPS_PER_BAR),
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
    if (seen >= rank) return stepStartMs(step + 1)
  }
  return null
}

/** When streams of which group began. Both arrays have room for more than are counted. */
interface Starts {
  readonly ms: Float64Array
  readonly groups: Uint32Array
  readonly count: number
}

function toTime(starts: Starts, groups: readonly (StreamGroup | undefined)[]): Overview['time'] {
  const { firstMs, lastMs } = timeSpan(starts)
  const bucketMs = barWidth(lastMs - firstMs)
  const first = Math.floor(firstMs / bucketMs)
  const length = starts.count === 0 ? 0 : Math.floor(lastMs / bucketMs) - first + 1
  const counts = Array.from({ length }, () => new Map<number, number>())
  for (let i = 0; i < starts.count; i += 1) {
    const bucket = counts[Math.floor((starts.ms[i] ?? 0) / bucketMs) - first]
    const number = starts.groups[i] ?? 0
    bucket?.set(number, (bucket.get(number) ?? 0) + 1)
  }
  return {
    bucketMs,
    buckets: counts.map((bucket, i) => {
      const rows = [...bucket].map(([number, streams]) => ({ outcome: groups[number]?.outcome ?? '', streams }))
      return { startMs: (first + i) * bucketMs, outcomes: sumBy(rows, (row) => row.outcome) }
    }),
  }
}

function timeSpan({ ms, count }: Starts): { readonly firstMs: number; readonly lastMs: number } {
  if (count === 0) return { firstMs: 0, lastMs: 0 }
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, 0]
  for (let i = 0; i < count; i += 1) {
    firstMs = Math.min(firstMs, ms[i] ?? 0)
    lastMs = Math.max(lastMs, ms[i] ?? 0)
  }
  return { firstMs, lastMs }
}
