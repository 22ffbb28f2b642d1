import type { Decoded, Scope } from './decode-scopes.ts'
import type { JsonObject } from './fields.ts'
import type { SpanEventRecord, SpanKind, SpanRecord, SpanStatus } from './records.ts'

import { readAttributes } from './any-value.ts'
import { decodeScopes } from './decode-scopes.ts'
import { asObject, readEnum, readId, readList, readNanos, readObject, readText, UnusableRecord } from './fields.ts'

const LEVELS = { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' } as const

const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const KIND_NAMES: readonly string[] = KINDS.map((kind) => `SPAN_KIND_${kind.toUpperCase()}`)

const STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error']
const STATUS_NAMES: readonly string[] = STATUSES.map((status) => `STATUS_CODE_${status.toUpperCase()}`)

/** Reads an ExportTraceServiceRequest. */
export function decodeTraces(body: unknown): Decoded<SpanRecord> {
  return decodeScopes<SpanRecord>(body, LEVELS, (span, scope, where, tally) => {
    tally.keep(() => decodeSpan(span, scope, where))
  })
}

function decodeSpan(span: JsonObject, scope: Scope, where: string): SpanRecord {
  const traceId = readId(span, 'traceId', 32, where)
  const spanId = readId(span, 'spanId', 16, where)
  if (traceId === '' || spanId === '') throw new UnusableRecord(`${where} lacks a trace id or a span id.`)
  const status = readObject(span, 'status', where)
  return {
    traceId,
    spanId,
    parentSpanId: readId(span, 'parentSpanId', 16, where) || null,
    name: readText(span, 'name', where),
    kind: KINDS[readEnum(span, 'kind', KIND_NAMES, where)] ?? 'unspecified',
    startNanos: readNanos(span, 'startTimeUnixNano', where),
    endNanos: readNanos(span, 'endTimeUnixNano', where),
    statusCode: STATUSES[readEnum(status, 'code', STATUS_NAMES, `${where}.status`)] ?? 'unset',
    statusMessage: readText(status, 'message', `${where}.status`),
    service: scope.service,
    scopeName: scope.scopeName,
    scopeVersion: scope.scopeVersion,
    attributes: readAttributes(span, 'attributes', where),
    events: readList(span, 'events', where).map((event, index) => decodeEvent(event, `${where}.events[${index}]`)),
  }
}

function decodeEvent(input: unknown, where: string): SpanEventRecord {
  const event = asObject(input, where)
  return {
    name: readText(event, 'name', where),
    timeNanos: String(readNanos(event, 'timeUnixNano', where)),
    attributes: readAttributes(event, 'attributes', where),
  }
}
