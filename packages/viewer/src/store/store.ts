import type { Batch, Signal } from '../otlp/records.ts'

/** A row of a result, by column name. @public */
export type Row = Readonly<Record<string, unknown>>

/** Values of a query's named parameters. @public */
export type Parameters = Readonly<Record<string, string | number | bigint | null>>

/**
 * News of the store: `ingest` after each request that was stored, `closed` once and last. `records` counts what the request
 * brought, `streams` how many of them are new spans of streams.
 *
 * @public
 */
export type StoreEvent =
  | { readonly type: 'ingest'; readonly signal: Signal; readonly records: number; readonly streams: number }
  | { readonly type: 'closed' }

/**
 * Telemetry in SQLite. Made by `openStore`; read by the query functions of this package.
 *
 * @public
 */
export interface Store {
  /** How many spans of streams the store keeps at most. */
  readonly maxStreams: number
  /**
   * Stores a request's records in one transaction, drops the oldest beyond the limits, and tells the subscribers.
   *
   * @throws ViewerError `store_closed`; an error of SQLite (such as a full disk) passes through, and nothing is stored.
   */
  ingest(batch: Batch): void
  /**
   * Runs a query. The statement is prepared once per text and kept, so the text must be a constant: values go in as named
   * parameters (`:name`). Integers beyond 2^53 must be cast in the query.
   *
   * @throws ViewerError `store_closed`.
   */
  select(sql: string, parameters?: Parameters): readonly Row[]
  /** Calls the listener for each event until the returned function is called. A listener's own error is an uncaught one. */
  subscribe(listener: (event: StoreEvent) => void): () => void
  /** Closes the database; a second call does nothing. */
  close(): void
  [Symbol.dispose](): void
}
