import { EVENT } from '@streamgauge/core/semconv'

import type { Store } from '../store/store.ts'
import type { SpanRow } from './spans.ts'

import { SPAN_COLUMNS, toSpanRow } from './spans.ts'

/** Spans of one trace that are shown; more is no picture any more. */
const MAX_TRACE_SPANS = 500

const QUERY = `
SELECT ${SPAN_COLUMNS}
FROM spans
WHERE trace_id = :traceId AND name <> :chunk
ORDER BY start_nanos, id
LIMIT :limit`

/** The spans of a trace in the order of time, without the chunks of its streams; the first 500. */
export function traceSpans(store: Store, traceId: string): readonly SpanRow[] {
  const parameters = { traceId: traceId.toLowerCase(), chunk: EVENT.CHUNK_SPAN, limit: MAX_TRACE_SPANS }
  return store.select(QUERY, parameters).map(toSpanRow)
}
