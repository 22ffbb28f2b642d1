import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Batch } from '../otlp/records.ts'
import type { StoreOptions } from './store-options.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

import { ViewerError } from '../viewer-error.ts'
import { checkpointBeside } from './checkpoints.ts'
import { createListeners } from './listeners.ts'
import { openDatabase } from './open-database.ts'
import { readLimits } from './store-options.ts'
import { createTables } from './tables.ts'

/** How often the age of what is stored is looked at, at least. */
const MAX_EXPIRY_INTERVAL_MS = 60_000

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
  const store = createStore(database, limits.streams, createTables(database, limits))
  if (options.path !== undefined) checkpointBeside(store, options.path)
  if (Number.isFinite(limits.ageMs)) expireRegularly(store, limits.ageMs)
  return store
}

/** Telemetry grows old where nothing arrives, too. */
function expireRegularly(store: InnerStore, ageMs: number): void {
  function expire(): void {
    try {
      store.trim()
    } catch {
      // Another process writes just now, or the disk fails: what arrives next tries again, and its sender is told.
    }
  }
  expire()
  const timer = setInterval(expire, Math.min(ageMs, MAX_EXPIRY_INTERVAL_MS)).unref()
  store.subscribe((event) => {
    if (event.type === 'closed') clearInterval(timer)
  })
}

/** A store, and what its opener does with it. */
interface InnerStore extends Store {
  /** Drops what the limits don't let stay. */
  trim(): void
}

function createStore(database: DatabaseSync, maxStreams: number, tables: Tables): InnerStore {
  const statements = new Map<string, StatementSync>()
  const listeners = createListeners()

  function assertOpen(): void {
    if (!database.isOpen) throw new ViewerError('store_closed', 'The telemetry store is closed: open another one.')
  }

  /** All of it or nothing. */
  function inTransaction(work: () => void): void {
    assertOpen()
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      tables.trim(Date.now())
      database.exec('COMMIT')
    } catch (error) {
      rollBack(database)
      tables.recount()
      throw error
    }
  }

  function ingest(batch: Batch): void {
    let newStreams = 0
    inTransaction(() => {
      newStreams = tables.insert(batch, Date.now())
    })
    listeners.publish({ type: 'ingest', signal: batch.signal, records: batch.records.length, streams: newStreams })
  }

  function close(): void {
    if (!database.isOpen) return
    database.close()
    listeners.publish({ type: 'closed' })
    listeners.clear()
  }

  return {
    maxStreams,
    ingest,
    trim: () => inTransaction(() => {}),
    select(sql, parameters = {}) {
      assertOpen()
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      return statement.all(parameters)
    },
    subscribe: (listener) => listeners.subscribe(listener),
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
