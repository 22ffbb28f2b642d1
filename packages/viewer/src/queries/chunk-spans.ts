import { ATTR, EVENT } from '@streamgauge/core/semconv'

import type { Row, Store } from '../store/store.ts'
import type { SpanRow } from './spans.ts'

import { numberAttribute } from './columns.ts'
import { SPAN_COLUMNS, toSpanRow } from './spans.ts'

/**
 * One network read of a stream, as a child span of the stream's.
 *
 * @public
 */
export interface ChunkSpanRow extends SpanRow {
  readonly index: number | null
  /** Bytes of the stream before it. */
  readonly offset: number | null
  readonly size: number | null
}

/** More than the instrumentation makes for one stream, unless it was told to. */
const MAX_CHUNK_SPANS = 10_000

const QUERY = `
SELECT ${SPAN_COLUMNS}
FROM spans
WHERE parent_span_id = :spanId AND name = :name
ORDER BY start_nanos, id
LIMIT :limit`

/**
 * The chunk spans of a stream, in the order of time; the first 10,000.
 *
 * @param spanId - of the stream's span
 * @throws ViewerError `store_closed`.
 * @public
 */
export function chunkSpans(store: Store, spanId: string): readonly ChunkSpanRow[] {
  const parameters = { spanId: spanId.toLowerCase(), name: EVENT.CHUNK_SPAN, limit: MAX_CHUNK_SPANS }
  return store.select(QUERY, parameters).map(toChunkSpanRow)
}

function toChunkSpanRow(row: Row): ChunkSpanRow {
  const span = toSpanRow(row)
  return {
    ...span,
    index: numberAttribute(span.attributes, ATTR.CHUNK_INDEX),
    offset: numberAttribute(span.attributes, ATTR.CHUNK_OFFSET),
    size: numberAttribute(span.attributes, ATTR.CHUNK_SIZE),
  }
}
