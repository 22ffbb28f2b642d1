import type { DatabaseSync } from 'node:sqlite'

import { ViewerError } from '../viewer-error.ts'
import { STREAM_FACTS_SCHEMA, STREAMS_EMPTIED_SCHEMA } from './stream-facts.ts'

/** Stands in the file's header, so that `file` and we can tell the database from another program's: "SGau". */
const APPLICATION_ID = 0x5347_6175

/**
 * Times are INTEGER nanoseconds: exact, and indexable as numbers. Reading them as JavaScript numbers would round, so
 * queries cast them to TEXT or divide them. `bytes` is what a row counts against the store's limit; it and `outcome` stand
 * before the long texts, so that retention doesn't have to read through those.
 */
const SCHEMA = `
CREATE TABLE spans (
  id INTEGER PRIMARY KEY,
  outcome TEXT, -- of a stream's span; NULL in every other
  bytes INTEGER NOT NULL,
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  parent_span_id TEXT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  start_nanos INTEGER NOT NULL,
  end_nanos INTEGER NOT NULL,
  status_code TEXT NOT NULL,
  status_message TEXT NOT NULL,
  service TEXT NOT NULL,
  scope_name TEXT NOT NULL,
  scope_version TEXT NOT NULL,
  attributes TEXT NOT NULL,
  events TEXT NOT NULL,
  UNIQUE (trace_id, span_id)
) STRICT;
CREATE INDEX spans_by_parent ON spans (parent_span_id, start_nanos) WHERE parent_span_id IS NOT NULL;
CREATE INDEX streams_by_start ON spans (start_nanos) WHERE outcome IS NOT NULL;

CREATE TABLE metric_series (
  id INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  identity TEXT NOT NULL UNIQUE, -- digest of what tells one series from another
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  type TEXT NOT NULL,
  temporality TEXT NOT NULL,
  monotonic INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  service TEXT NOT NULL,
  scope_name TEXT NOT NULL,
  start_nanos INTEGER NOT NULL,
  time_nanos INTEGER NOT NULL, -- of the newest point
  total REAL -- newest value; with delta temporality the sum of all values, dropped points included
) STRICT;
CREATE INDEX metric_series_by_name ON metric_series (name);
CREATE INDEX metric_series_by_time ON metric_series (time_nanos);

CREATE TABLE metric_points (
  id INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  series_id INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
  start_nanos INTEGER NOT NULL,
  time_nanos INTEGER NOT NULL,
  value REAL,
  distribution TEXT,
  UNIQUE (series_id, time_nanos, start_nanos)
) STRICT;

CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  time_nanos INTEGER NOT NULL,
  severity_number INTEGER NOT NULL,
  severity_text TEXT NOT NULL,
  event_name TEXT NOT NULL,
  body TEXT NOT NULL,
  attributes TEXT NOT NULL,
  trace_id TEXT,
  span_id TEXT,
  service TEXT NOT NULL,
  scope_name TEXT NOT NULL,
  scope_version TEXT NOT NULL
) STRICT;
CREATE INDEX logs_by_event ON logs (event_name, time_nanos);
CREATE INDEX logs_by_trace ON logs (trace_id) WHERE trace_id IS NOT NULL;

PRAGMA application_id = ${APPLICATION_ID};
`

/**
 * What retention reads, apart for each kind: among 200,000 streams, the oldest of the other spans is not found by looking
 * through the streams before it.
 */
const RETENTION_SCHEMA = `
CREATE INDEX spans_of_streams ON spans (id, bytes) WHERE outcome IS NOT NULL;
CREATE INDEX other_spans ON spans (id, bytes) WHERE outcome IS NULL;
-- When it arrived. NULL in what an earlier version stored: its own time stands for it then.
ALTER TABLE spans ADD COLUMN received_ms INTEGER;
ALTER TABLE logs ADD COLUMN received_ms INTEGER;
ALTER TABLE metric_points ADD COLUMN received_ms INTEGER;
`

/** What brings a database from each version to the next, the first of them from nothing. */
export const STEPS: readonly string[] = [SCHEMA, STREAM_FACTS_SCHEMA, STREAMS_EMPTIED_SCHEMA + RETENTION_SCHEMA]

/** Stored as the file's `user_version`. */
const SCHEMA_VERSION = STEPS.length

/**
 * Creates the tables in an empty database and brings an older one of ours up to date; refuses every other without having
 * changed it.
 *
 * @param place - how to call the database in a message
 */
export function prepareSchema(database: DatabaseSync, place: string): void {
  // First by reading alone: not even a lock is taken on another program's file.
  readVersion(database, place)
  // Then again as the only writer: of two processes that create the same file, the second finds it made.
  database.exec('BEGIN IMMEDIATE')
  for (const step of STEPS.slice(readVersion(database, place))) database.exec(step)
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
}

/** 0 for a database with nothing in it. */
function readVersion(database: DatabaseSync, place: string): number {
  const version = pragma(database, 'user_version')
  const applicationId = pragma(database, 'application_id')
  const [row] = database.prepare('SELECT count(*) AS objects FROM sqlite_schema').all()
  if (applicationId === 0 && version === 0 && row?.['objects'] === 0) return 0
  if (applicationId !== APPLICATION_ID) throw foreignFile(place)
  if (version > SCHEMA_VERSION) {
    const message =
      `${place} has schema version ${version}, and this version of Streamgauge knows ${SCHEMA_VERSION} at most: ` +
      'update Streamgauge, or choose another file.'
    throw new ViewerError('newer_schema', message)
  }
  return version
}

export function foreignFile(place: string, cause?: unknown): ViewerError {
  const message = `${place} is not a database of Streamgauge and was left as it is: choose another file.`
  return new ViewerError('foreign_file', message, cause)
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
