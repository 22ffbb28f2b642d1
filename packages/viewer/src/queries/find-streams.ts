import type { Parameters, Row, Store } from '../store/store.ts'
import type { StreamRow } from './list-streams.ts'

import { numberColumn, textColumn, textOr } from './columns.ts'
import { toStreamRow } from './list-streams.ts'
import { toParameters as toOverviewParameters } from './overview.ts'
import { SPAN_COLUMNS } from './spans.ts'

/** What streams can be told apart by; `undefined` lets all through. */
export interface StreamConditions {
  readonly service?: string | undefined
  readonly model?: string | undefined
  readonly host?: string | undefined
  readonly outcome?: string | undefined
  readonly fault?: string | undefined
  readonly cause?: string | undefined
  /** Milliseconds since 1970: the streams that began then or later. */
  readonly sinceMs?: number | undefined
  /** Milliseconds since 1970: the streams that began before. */
  readonly untilMs?: number | undefined
  /** Part of a model, host, service, fault, cause, anomaly or id, in whatever case. */
  readonly text?: string | undefined
}

/** Where a page ended: the next one begins after it. */
export interface StreamCursor {
  readonly startNanos: string
  readonly id: number
}

/** A stream and the host that it came from. */
export interface FoundStream extends StreamRow {
  readonly host: string | null
}

/** A part of the streams, newest first. */
export interface StreamPage {
  readonly streams: readonly FoundStream[]
  /** Absent on the last page. */
  readonly next: StreamCursor | null
  /** Of all pages together. */
  readonly matching: number
}

const CONDITIONS = `
(:service IS NULL OR streams.service = :service) AND (:outcome IS NULL OR streams.outcome = :outcome)
AND (:model IS NULL OR model = :model) AND (:host IS NULL OR host = :host)
AND streams.start_nanos >= :sinceNanos AND streams.start_nanos < :untilNanos
AND (:fault IS NULL OR error_type = :fault) AND (:cause IS NULL OR cause = :cause)
AND (:text IS NULL OR instr(words || ' ' || lower(streams.service || ' ' || streams.outcome || ' ' || coalesce(model, '')
  || ' ' || coalesce(host, '') || ' ' || coalesce(error_type, '') || ' ' || coalesce(cause, '')), :text) > 0)`

// The page is found in the narrow table alone: only its rows are looked up among the spans.
const PAGE = `
SELECT found.id AS id, found.host AS host, outcome, ${SPAN_COLUMNS}
FROM (
  SELECT id, host FROM streams
  WHERE (:afterNanos IS NULL OR (start_nanos, id) < (CAST(:afterNanos AS INTEGER), :afterId)) AND ${CONDITIONS}
  ORDER BY start_nanos DESC, id DESC
  LIMIT :limit
) AS found
JOIN spans ON spans.id = found.id
ORDER BY start_nanos DESC, found.id DESC`

const COUNT = `SELECT count(*) AS matching FROM streams WHERE ${CONDITIONS}`

const ONE = `
SELECT spans.id AS id, host, spans.outcome AS outcome, ${SPAN_COLUMNS.replaceAll(/\b(service|start_nanos)\b/g, 'spans.$1')}
FROM spans JOIN streams ON streams.id = spans.id
WHERE trace_id = :traceId AND span_id = :spanId`

/** The streams that meet the conditions, newest first, at most so many. */
export function findStreams(
  store: Store,
  conditions: StreamConditions,
  page: { readonly limit: number; readonly after: StreamCursor | null },
): StreamPage {
  const parameters = toParameters(conditions)
  // One more than is asked for tells whether there is another page.
  const limit = page.limit + 1
  const afterNanos = page.after?.startNanos ?? null
  const rows = store.select(PAGE, { ...parameters, limit, afterNanos, afterId: page.after?.id ?? 0 })
  const streams = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? streams.at(-1) : undefined
  return {
    streams: streams.map(toFoundStream),
    next: last === undefined ? null : { startNanos: textColumn(last, 'start_text'), id: numberColumn(last, 'id') },
    matching: Number(store.select(COUNT, parameters)[0]?.['matching'] ?? 0),
  }
}

/** One stream; `undefined` where there is none of these ids. */
export function findStream(store: Store, traceId: string, spanId: string): FoundStream | undefined {
  const [row] = store.select(ONE, { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() })
  return row === undefined ? undefined : toFoundStream(row)
}

function toFoundStream(row: Row): FoundStream {
  return { ...toStreamRow(row), host: textOr(row['host'], null) }
}

function toParameters({ outcome, fault, cause, text, ...within }: StreamConditions): Parameters {
  return {
    ...toOverviewParameters(within),
    outcome: outcome ?? null,
    fault: fault ?? null,
    cause: cause ?? null,
    text: text?.toLowerCase() ?? null,
  }
}
