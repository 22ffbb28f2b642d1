import type { Row, Store } from '../store/store.ts'
import type { StreamRow } from './list-streams.ts'
import type { Place } from './newest.ts'
import type { StreamConditions } from './stream-conditions.ts'

import { streamColumnsOf } from '../stream-index/stream-index.ts'
import { numberColumn, textOr } from './columns.ts'
import { toStreamRow } from './list-streams.ts'
import { comparePlaces, createNewest } from './newest.ts'
import { SPAN_COLUMNS } from './spans.ts'
import { walkStreams } from './stream-conditions.ts'

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

const JOINED = `
SELECT spans.id AS id, host, spans.outcome AS outcome, ${SPAN_COLUMNS.replaceAll(/\b(service|start_nanos)\b/g, 'spans.$1')}
FROM spans JOIN streams ON streams.id = spans.id`

const BY_IDS = `${JOINED} WHERE spans.id IN (SELECT value FROM json_each(:ids))`

const ONE = `${JOINED} WHERE trace_id = :traceId AND span_id = :spanId`

const NANOS_PER_MS = 1_000_000n

/** The streams that meet the conditions, newest first, at most so many. */
export function findStreams(
  store: Store,
  conditions: StreamConditions,
  page: { readonly limit: number; readonly after: StreamCursor | null },
): StreamPage {
  const after = page.after === null ? undefined : toPlace(page.after)
  // One more than is asked for tells whether there is another page.
  const newest = createNewest(page.limit + 1)
  let matching = 0
  walkStreams(streamColumnsOf(store), conditions, (block, row) => {
    matching += 1
    const place = {
      startMs: block.startMs[row] ?? 0,
      restNanos: block.startRestNanos[row] ?? 0,
      id: block.ids[row] ?? 0,
    }
    if (after === undefined || comparePlaces(after, place) < 0) newest.offer(place)
  })
  const places = newest.places.slice(0, page.limit)
  const last = newest.places.length > page.limit ? places.at(-1) : undefined
  return { streams: readStreams(store, places), next: last === undefined ? null : toCursor(last), matching }
}

/** One stream; `undefined` where there is none of these ids. */
export function findStream(store: Store, traceId: string, spanId: string): FoundStream | undefined {
  const [row] = store.select(ONE, { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() })
  return row === undefined ? undefined : toFoundStream(row)
}

function readStreams(store: Store, places: readonly Place[]): readonly FoundStream[] {
  const ids = places.map(({ id }) => id)
  const rows = new Map(store.select(BY_IDS, { ids: JSON.stringify(ids) }).map((row) => [numberColumn(row, 'id'), row]))
  // Another process may have dropped one just now.
  return ids
    .map((id) => rows.get(id))
    .filter((row) => row !== undefined)
    .map(toFoundStream)
}

function toFoundStream(row: Row): FoundStream {
  return { ...toStreamRow(row), host: textOr(row['host'], null) }
}

function toPlace({ startNanos, id }: StreamCursor): Place {
  const nanos = BigInt(startNanos)
  return { startMs: Number(nanos / NANOS_PER_MS), restNanos: Number(nanos % NANOS_PER_MS), id }
}

function toCursor({ startMs, restNanos, id }: Place): StreamCursor {
  return { startNanos: String(BigInt(startMs) * NANOS_PER_MS + BigInt(restNanos)), id }
}
