import type { DatabaseSync } from 'node:sqlite'

import type { Batch } from '../otlp/records.ts'
import type { Retention, RetentionRule } from './retention.ts'
import type { StoreLimits } from './store-options.ts'

import { prepareLogs } from './insert-logs.ts'
import { prepareMetrics } from './insert-metrics.ts'
import { prepareSpans } from './insert-spans.ts'
import { createRetention } from './retention.ts'

/** What the store does with its tables, each within a transaction of the caller's. */
export interface Tables {
  /** Stores a batch and says how many new spans of streams it had. */
  insert(batch: Batch, nowMs: number): number
  /** Drops what the limits don't let stay. */
  trim(nowMs: number): void
  /** Counts anew, after a transaction was rolled back. */
  recount(): void
}

export function createTables(database: DatabaseSync, limits: StoreLimits): Tables {
  const { streams, otherSpans, logs, points, series } = createRetentions(database, limits)
  const insertSpan = prepareSpans(database, streams, otherSpans)
  const insertPoint = prepareMetrics(database, series, points)
  const insertLog = prepareLogs(database, logs)

  return {
    insert(batch, nowMs) {
      if (batch.signal === 'traces') return batch.records.filter((span) => insertSpan(span, nowMs)).length
      if (batch.signal === 'metrics') for (const point of batch.records) insertPoint(point, nowMs)
      else for (const log of batch.records) insertLog(log, nowMs)
      return 0
    },
    trim(nowMs) {
      for (const retention of [streams, otherSpans, logs]) retention.trim(nowMs)
      if (series.trim(nowMs) > 0) points.recount()
      points.trim(nowMs)
    },
    recount() {
      for (const retention of [streams, otherSpans, logs, series, points]) retention.recount()
    },
  }
}

function createRetentions(
  database: DatabaseSync,
  limits: StoreLimits,
): Readonly<Record<'streams' | 'otherSpans' | 'logs' | 'points' | 'series', Retention>> {
  const keep = (rule: Omit<RetentionRule, 'maxBytes' | 'maxAgeMs'>) =>
    createRetention(database, { ...rule, maxBytes: limits.bytes, maxAgeMs: limits.ageMs })
  const arrived = (maxRows: number, ownTime: string) =>
    ({ oldestBy: 'id', sinceMs: `coalesce(received_ms, ${ownTime} / 1000000)`, maxRows }) as const
  const spans = (where: string, index: string, maxRows: number) =>
    keep({ table: 'spans', only: { where, index }, ...arrived(maxRows, 'end_nanos') })
  return {
    streams: spans('outcome IS NOT NULL', 'spans_of_streams', limits.streams),
    otherSpans: spans('outcome IS NULL', 'other_spans', limits.spans),
    logs: keep({ table: 'logs', ...arrived(limits.logs, 'time_nanos') }),
    points: keep({ table: 'metric_points', ...arrived(limits.points, 'time_nanos') }),
    series: keep({
      table: 'metric_series',
      oldestBy: 'time_nanos',
      sinceMs: 'time_nanos / 1000000',
      maxRows: limits.series,
    }),
  }
}
