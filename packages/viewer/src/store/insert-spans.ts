import type { DatabaseSync } from 'node:sqlite'

import { ATTR } from '@streamgauge/core/semconv'

import type { SpanRecord } from '../otlp/records.ts'
import type { Retention } from './retention.ts'

import { textBytes } from './retention.ts'

const INSERT = `
INSERT INTO spans (trace_id, span_id, parent_span_id, name, kind, start_nanos, end_nanos, status_code, status_message,
  service, scope_name, scope_version, attributes, events, outcome, bytes, received_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`

/** Inserts a span and says whether it is a stream's. An exporter that missed our answer sends again: not inserted twice. */
export function prepareSpans(
  database: DatabaseSync,
  streams: Retention,
  otherSpans: Retention,
): (span: SpanRecord, receivedMs: number) => boolean {
  const insert = database.prepare(INSERT)
  return (span, receivedMs) => {
    const attributes = JSON.stringify(span.attributes)
    const events = JSON.stringify(span.events)
    const outcome = streamOutcome(span)
    const origin = textBytes(span.service, span.scopeName, span.scopeVersion)
    const bytes = origin + textBytes(span.name, span.statusMessage, attributes, events, outcome)
    const { changes } = insert.run(
      span.traceId,
      span.spanId,
      span.parentSpanId,
      span.name,
      span.kind,
      span.startNanos,
      span.endNanos,
      span.statusCode,
      span.statusMessage,
      span.service,
      span.scopeName,
      span.scopeVersion,
      attributes,
      events,
      outcome,
      bytes,
      receivedMs,
    )
    if (changes === 0) return false
    if (outcome === null) otherSpans.added(bytes)
    else streams.added(bytes)
    return outcome !== null
  }
}

function streamOutcome(span: SpanRecord): string | null {
  const outcome = span.attributes[ATTR.OUTCOME]
  return typeof outcome === 'string' ? outcome : null
}
