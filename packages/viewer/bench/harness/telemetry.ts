// Telemetry as the instrumentation makes it: streams with some 20 attributes, 1 of 20 broken, with the chunk where it broke. All of
// it follows from the stream's number, so that a bench knows what the answers must be.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import type { Attributes } from '../../src/otlp/any-value.ts'
import type { LogRecord, MetricPointRecord, SpanRecord } from '../../src/otlp/records.ts'

import { ATTR, EVENT, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import { encodeRequest } from '../../test/protobuf.ts'

export const SERVICES = 5
export const MODELS = 10
export const BROKEN_EVERY = 20
export const CHUNK_SPANS = 32

/** Of the first stream. */
const FIRST_NANOS = 1_800_000_000_000_000_000n
const NANOS_PER_STREAM = 20_000_000n
export const FIRST_MS = Number(FIRST_NANOS / 1_000_000n)
export const MS_PER_STREAM = Number(NANOS_PER_STREAM / 1_000_000n)

const RAW = `data: {"id":"chatcmpl-x","choices":[{"delta":{"content":"${'x'.repeat(850)}`

const ORIGIN = { scopeName: '@streamgauge/instrumentation-openai', scopeVersion: '1.0.0' }

/** As spread as random ones, and known. */
export function idOf(kind: string, number: number, digits: number): string {
  return createHash('sha256').update(`${kind} ${number}`).digest('hex').slice(0, digits)
}

export function isBroken(number: number): boolean {
  return number % BROKEN_EVERY === 0
}

export function streamSpan(number: number): SpanRecord {
  const broken = isBroken(number)
  const startNanos = FIRST_NANOS + BigInt(number) * NANOS_PER_STREAM
  return {
    ...ORIGIN,
    service: `service-${number % SERVICES}`,
    traceId: idOf('trace', number, 32),
    spanId: idOf('span', number, 16),
    parentSpanId: null,
    name: `chat model-${number % MODELS}`,
    kind: 'client',
    startNanos,
    endNanos: startNanos + 3_000_000_000n,
    statusCode: broken ? 'error' : 'unset',
    statusMessage: '',
    attributes: { ...healthyAttributes(number), ...(broken ? brokenAttributes(number) : {}) },
    events: broken ? [{ name: EVENT.FAULT, timeNanos: String(startNanos), attributes: brokenAttributes(number) }] : [],
  }
}

function healthyAttributes(number: number): Attributes {
  return {
    [GEN_AI.OPERATION_NAME]: 'chat',
    [GEN_AI.PROVIDER_NAME]: 'openai',
    [GEN_AI.REQUEST_MODEL]: `model-${number % MODELS}`,
    [GEN_AI.RESPONSE_MODEL]: `model-${number % MODELS}-2026-08-01`,
    [GEN_AI.RESPONSE_ID]: `chatcmpl-${idOf('response', number, 29)}`,
    [GEN_AI.RESPONSE_FINISH_REASONS]: ['stop'],
    [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 0.2 + (number % 997) / 500,
    [GEN_AI.SERVER_ADDRESS]: `api-${number % 3}.example`,
    'server.port': 443,
    'http.response.status_code': 200,
    'gen_ai.usage.input_tokens': 1000 + (number % 100),
    'gen_ai.usage.output_tokens': 200 + (number % 100),
    [ATTR.OUTCOME]: 'completed',
    [ATTR.END]: 'terminator',
    [ATTR.READS]: 120,
    [ATTR.EVENTS]: 203,
    [ATTR.BYTES]: 35_000,
    [ATTR.MAX_GAP]: (number % 1009) / 1000,
    [ATTR.CONSUMER_IDLE]: 0.01,
    [ATTR.ANOMALIES]: number % 10 === 0 ? ['stalled'] : [],
  }
}

function brokenAttributes(number: number): Attributes {
  return {
    [GEN_AI.ERROR_TYPE]: number % 3 === 0 ? 'truncated_event' : 'connection_reset',
    [ATTR.OUTCOME]: 'broken',
    [ATTR.END]: 'eof',
    [ATTR.CAUSE]: 'provider_truncation',
    [ATTR.CAUSE_CONFIDENCE]: 'guess',
    [ATTR.REMEDY]: 'Look at what stands between, and ask the provider with this response id.',
    [ATTR.CHUNK_RAW]: RAW,
    [ATTR.CHUNK_INDEX]: 203,
    [ATTR.CHUNK_OFFSET]: 34_100,
    [ATTR.CHUNK_SIZE]: 900,
  }
}

/** The chunk spans of a stream that broke. */
export function chunkSpans(number: number): readonly SpanRecord[] {
  const stream = streamSpan(number)
  return Array.from({ length: CHUNK_SPANS }, (_, index) => ({
    ...stream,
    parentSpanId: stream.spanId,
    spanId: idOf(`chunk ${index}`, number, 16),
    name: EVENT.CHUNK_SPAN,
    kind: 'internal',
    startNanos: stream.startNanos + BigInt(index) * 1_000_000n,
    attributes: { [ATTR.CHUNK_INDEX]: index, [ATTR.CHUNK_OFFSET]: index * 300, [ATTR.CHUNK_SIZE]: 300 },
    events: [],
  }))
}

export function faultLog(number: number): LogRecord {
  const { traceId, spanId, service, startNanos } = streamSpan(number)
  return {
    ...ORIGIN,
    service,
    traceId,
    spanId,
    timeNanos: startNanos,
    severityNumber: 13,
    severityText: 'WARN',
    eventName: EVENT.FAULT,
    body: null,
    attributes: brokenAttributes(number),
  }
}

/** A counter of streams that ended; each number is a series of its own. */
export function endedPoint(number: number): MetricPointRecord {
  return {
    ...ORIGIN,
    service: `service-${number % SERVICES}`,
    resource: { 'service.name': `service-${number % SERVICES}`, 'service.instance.id': String(number) },
    name: METRIC.ENDED,
    unit: '{stream}',
    type: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    attributes: { [ATTR.OUTCOME]: 'completed', [GEN_AI.REQUEST_MODEL]: `model-${number % MODELS}` },
    startNanos: 1n,
    timeNanos: 2n,
    value: 1,
    distribution: null,
  }
}

/** The encodings that OTLP/HTTP has. */
export type Encoding = 'protobuf' | 'JSON'

/** A request as it goes over the wire. */
export interface Body {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** A request with the streams from one number on. */
export function requestOf(from: number, count: number, encoding: Encoding, gzip: boolean): Body {
  const spans = Array.from({ length: count }, (_, i) => toJson(streamSpan(from + i)))
  const bySpan = spans.map(({ service, span }) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [{ scope: { name: ORIGIN.scopeName, version: ORIGIN.scopeVersion }, spans: [span] }],
  }))
  const request = { resourceSpans: bySpan }
  const bytes = encoding === 'JSON' ? Buffer.from(JSON.stringify(request)) : encodeRequest('/v1/traces', request)
  const type = encoding === 'JSON' ? 'application/json' : 'application/x-protobuf'
  return {
    bytes: gzip ? gzipSync(bytes, { level: 1 }) : bytes,
    headers: { 'content-type': type, ...(gzip ? { 'content-encoding': 'gzip' } : {}) },
  }
}

function toJson({ service, traceId, spanId, name, startNanos, endNanos, attributes, events }: SpanRecord) {
  const span = {
    traceId,
    spanId,
    name,
    kind: 3,
    startTimeUnixNano: String(startNanos),
    endTimeUnixNano: String(endNanos),
    attributes: attributesOf(attributes),
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: event.timeNanos,
      attributes: attributesOf(event.attributes),
    })),
  }
  return { service, span }
}

function attributesOf(attributes: Attributes): readonly unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: (value as readonly unknown[]).map(valueOf) } }
}
