import type { Attributes } from '../otlp/any-value.ts'
import type { SpanEventRecord, SpanStatus } from '../otlp/records.ts'
import type { Row } from '../store/store.ts'

import { attributesColumn, numberColumn, textColumn, textOr } from './columns.ts'

/**
 * A span as kept.
 *
 * @public
 */
export interface SpanRow {
  readonly traceId: string
  readonly spanId: string
  /** The span that caused it, such as the HTTP request that the app was serving. */
  readonly parentSpanId: string | null
  readonly name: string
  readonly service: string
  /** Milliseconds since 1970, with a fraction. */
  readonly startMs: number
  /** The same in nanoseconds, exact, in decimal. */
  readonly startNanos: string
  readonly endNanos: string
  readonly durationMs: number
  readonly statusCode: SpanStatus
  readonly statusMessage: string
  readonly attributes: Attributes
  readonly spanEvents: readonly SpanEventRecord[]
}

/** Columns that `toSpanRow` reads. */
export const SPAN_COLUMNS = `trace_id, span_id, parent_span_id, name, service, status_code, status_message, attributes,
  events, CAST(start_nanos AS TEXT) AS start_text, CAST(end_nanos AS TEXT) AS end_text, start_nanos / 1e6 AS start_ms,
  (end_nanos - start_nanos) / 1e6 AS duration_ms`

export function toSpanRow(row: Row): SpanRow {
  return {
    traceId: textColumn(row, 'trace_id'),
    spanId: textColumn(row, 'span_id'),
    parentSpanId: textOr(row['parent_span_id'], null),
    name: textColumn(row, 'name'),
    service: textColumn(row, 'service'),
    startMs: numberColumn(row, 'start_ms'),
    startNanos: textColumn(row, 'start_text'),
    endNanos: textColumn(row, 'end_text'),
    durationMs: numberColumn(row, 'duration_ms'),
    statusCode: textColumn(row, 'status_code') as SpanStatus,
    statusMessage: textColumn(row, 'status_message'),
    attributes: attributesColumn(row),
    spanEvents: JSON.parse(textColumn(row, 'events')) as readonly SpanEventRecord[],
  }
}
