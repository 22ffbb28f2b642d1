import { ATTR, GEN_AI } from '@streamgauge/core/semconv'

/** An attribute as text; `NULL` where it has another type, since any program may send anything. */
function textOf(row: string, name: string): string {
  const path = `${row}attributes, '$."${name}"'`
  return `CASE json_type(${path}) WHEN 'text' THEN json_extract(${path}) END`
}

/** An attribute in seconds as milliseconds. */
function millisecondsOf(row: string, name: string): string {
  const path = `${row}attributes, '$."${name}"'`
  return `CASE WHEN json_type(${path}) IN ('integer', 'real') THEN json_extract(${path}) * 1000.0 END`
}

/** What the columns of `streams` are read from, in their order. */
function facts(row: '' | 'NEW.'): string {
  return [
    `${row}id, ${row}start_nanos, ${row}service, ${row}outcome`,
    `coalesce(${textOf(row, GEN_AI.REQUEST_MODEL)}, ${textOf(row, GEN_AI.RESPONSE_MODEL)})`,
    textOf(row, GEN_AI.SERVER_ADDRESS),
    textOf(row, GEN_AI.ERROR_TYPE),
    textOf(row, ATTR.CAUSE),
    millisecondsOf(row, GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK),
    millisecondsOf(row, ATTR.MAX_GAP),
    `lower(${row}trace_id || ' ' || ${row}span_id || ' ' || coalesce(${textOf(row, GEN_AI.RESPONSE_ID)}, '') || ' ' ||
      coalesce(json_extract(${row}attributes, '$."${ATTR.ANOMALIES}"'), ''))`,
  ].join(',\n  ')
}

/**
 * What streams are filtered and counted by, one narrow row for each span of a stream: in their attributes it would cost a
 * second to look through 200,000 of them. A trigger fills it, and it goes with the span.
 */
export const STREAM_FACTS_SCHEMA: string = `
CREATE TABLE streams (
  id INTEGER PRIMARY KEY REFERENCES spans (id) ON DELETE CASCADE,
  start_nanos INTEGER NOT NULL,
  service TEXT NOT NULL,
  outcome TEXT NOT NULL,
  model TEXT,
  host TEXT,
  error_type TEXT,
  cause TEXT,
  first_chunk_ms REAL,
  max_gap_ms REAL,
  words TEXT NOT NULL -- ids and anomalies, for the search
) STRICT;
CREATE INDEX streams_by_time ON streams (start_nanos);
CREATE TRIGGER streams_of_spans AFTER INSERT ON spans WHEN NEW.outcome IS NOT NULL BEGIN
  INSERT INTO streams SELECT ${facts('NEW.')};
END;
INSERT INTO streams SELECT ${facts('')} FROM spans WHERE outcome IS NOT NULL;
`

/**
 * How often the table of streams has become empty. As long as this stays the same, no id of it has come twice: SQLite gives a
 * new row the id after the largest, and retention takes the rows with the smallest.
 */
export const STREAMS_EMPTIED_SCHEMA: string = `
CREATE TABLE streams_emptied (times INTEGER NOT NULL) STRICT;
INSERT INTO streams_emptied VALUES (0);
CREATE TRIGGER streams_become_empty AFTER DELETE ON streams WHEN NOT EXISTS (SELECT 1 FROM streams) BEGIN
  UPDATE streams_emptied SET times = times + 1;
END;
DROP INDEX streams_by_time;
`
