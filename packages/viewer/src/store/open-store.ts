import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Batch } from '../otlp/records.ts'
import type { RetentionRule } from './retention.ts'
import type { StoreOptions } from './store-options.ts'
import type { Store, StoreEvent } from './store.ts'

import { ViewerError } from '../viewer-error.ts'
import { checkpointBeside } from './checkpoints.ts'
import { prepareLogs } from './insert-logs.ts'
import { prepareMetrics } from './insert-metrics.ts'
import { prepareSpans } from './insert-spans.ts'
import { openDatabase } from './open-database.ts'
import { createRetention } from './retention.ts'
import { readLimits } from './store-options.ts'

/**
 * Opens a store for telemetry: in memory, or in a file that is created when missing.
 *
 * @throws ViewerError `foreign_file` or `newer_schema` for a file that isn't ours to write, `cannot_open` when the system
 * refuses it. RangeError when a limit is out of range.
 * @public
 */
export function openStore(options: StoreOptions = {}): Store {
  const limits = readLimits(options)
  const database = openDatabase(options.path)
  const keep = (rule: Omit<RetentionRule, 'maxBytes'>) => createRetention(database, { ...rule, maxBytes: limits.bytes })
  const spans = (where: string, index: string, maxRows: number) =>
    keep({ table: 'spans', only: { where, index }, oldestBy: 'id', maxRows })
  const streams = spans('outcome IS NOT NULL', 'spans_of_streams', limits.streams)
  const otherSpans = spans('outcome IS NULL', 'other_spans', limits.spans)
  const logs = keep({ table: 'logs', oldestBy: 'id', maxRows: limits.logs })
  const points = keep({ table: 'metric_points', oldestBy: 'id', maxRows: limits.points })
  const series = keep({ table: 'metric_series', oldestBy: 'time_nanos', maxRows: limits.series })
  const insertSpan = prepareSpans(database, streams, otherSpans)
  const insertPoint = prepareMetrics(database, series, points)
  const insertLog = prepareLogs(database, logs)

  const store = createStore(database, limits.streams, {
    insert(batch) {
      if (batch.signal === 'traces') return batch.records.filter((span) => insertSpan(span)).length
      if (batch.signal === 'metrics') for (const point of batch.records) insertPoint(point)
      else for (const log of batch.records) insertLog(log)
      return 0
    },
    trim() {
      for (const retention of [streams, otherSpans, logs]) retention.trim()
      if (series.trim() > 0) points.recount()
      points.trim()
    },
    recount() {
      for (const retention of [streams, otherSpans, logs, series, points]) retention.recount()
    },
  })
  if (options.path !== undefined) checkpointBeside(store, options.path)
  return store
}

/** What the store does with its tables. */
interface Tables {
  /** Stores a batch and says how many new spans of streams it had. */
  insert(batch: Batch): number
  trim(): void
  recount(): void
}

function createStore(database: DatabaseSync, maxStreams: number, tables: Tables): Store {
  const statements = new Map<string, StatementSync>()
  const listeners = new Set<(event: StoreEvent) => void>()

  function assertOpen(): void {
    if (!database.isOpen) throw new ViewerError('store_closed', 'The telemetry store is closed: open another one.')
  }

  function publish(event: StoreEvent): void {
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        // The records are stored and their sender gets its answer; the listener's bug must not change either.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  function ingest(batch: Batch): void {
    assertOpen()
    database.exec('BEGIN IMMEDIATE')
    let newStreams: number
    try {
      newStreams = tables.insert(batch)
      tables.trim()
      database.exec('COMMIT')
    } catch (error) {
      rollBack(database)
      tables.recount()
      throw error
    }
    publish({ type: 'ingest', signal: batch.signal, records: batch.records.length, streams: newStreams })
  }

  function close(): void {
    if (!database.isOpen) return
    database.close()
    publish({ type: 'closed' })
    listeners.clear()
  }

  return {
    maxStreams,
    ingest,
    select(sql, parameters = {}) {
      assertOpen()
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      return statement.all(parameters)
    },
    subscribe(listener) {
      const own = (event: StoreEvent) => listener(event) // one listener may subscribe twice
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
    close,
    [Symbol.dispose]: close,
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite has rolled back by itself, as it does on some errors, a full disk among them.
  }
}
