// OTLP requests as they stand on the wire, and a way to send them.
import type { Receiver, ReceiverOptions } from '../src/index.ts'

import { startReceiver } from '../src/index.ts'
import { decodeAnswer, PROTOBUF } from './protobuf.ts'

export async function withReceiver(
  use: (receiver: Receiver) => Promise<void>,
  options: ReceiverOptions = {},
): Promise<void> {
  const receiver = await startReceiver({ port: 0, ...options })
  try {
    await use(receiver)
  } finally {
    await receiver.close()
  }
}

export const TRACE_ID = '5b8efff798038103d269b633813fc60c'
export const SPAN_ID = 'eee19b7ec3c1b174'

/** A request with one span; `fields` are merged into the span. */
export function traces(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const span = {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: '',
    name: 'chat gpt-x',
    kind: 3,
    startTimeUnixNano: '1544712660000000000',
    endTimeUnixNano: '1544712661000000000',
    attributes: [{ key: 'streamgauge.stream.outcome', value: { stringValue: 'broken' } }],
    events: [{ timeUnixNano: '1544712660500000000', name: 'an event', attributes: [] }],
    status: { code: 2, message: 'cut' },
    ...fields,
  }
  const scope = { name: 'scope', version: '1.2.3' }
  return { resourceSpans: [{ resource: resource(), scopeSpans: [{ scope, spans: [span] }] }] }
}

export function metrics(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const point = { startTimeUnixNano: '1', timeUnixNano: '2', asInt: '7', attributes: [] }
  const metric = {
    name: 'streamgauge.stream.ended',
    unit: '{stream}',
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] },
    ...fields,
  }
  return { resourceMetrics: [{ resource: resource(), scopeMetrics: [{ scope: { name: 's' }, metrics: [metric] }] }] }
}

/** Data of a metric, with all that its type has. */
export function distribution(type: 'histogram' | 'exponentialHistogram' | 'summary'): Record<string, unknown> {
  const buckets = { offset: -1, bucketCounts: ['1', '2'] }
  const range = { min: 1, max: 2 }
  const members = {
    histogram: { ...range, bucketCounts: ['1', '2'], explicitBounds: [1] },
    exponentialHistogram: {
      ...range,
      scale: 3,
      zeroCount: '0',
      zeroThreshold: 0,
      positive: buckets,
      negative: buckets,
    },
    summary: { quantileValues: [{ quantile: 0.5, value: 1 }] },
  }
  const point = { timeUnixNano: '2', flags: 0, count: '3', sum: 4.5, ...members[type] }
  return { ...(type === 'summary' ? {} : { aggregationTemporality: 1 }), dataPoints: [point] }
}

export function logs(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const record = {
    timeUnixNano: '1544712660300000000',
    severityNumber: 13,
    eventName: 'streamgauge.stream.fault',
    body: { stringValue: 'cut' },
    attributes: [{ key: 'error.type', value: { stringValue: 'connection_reset' } }],
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    ...fields,
  }
  return { resourceLogs: [{ resource: resource(), scopeLogs: [{ scope: { name: 's' }, logRecords: [record] }] }] }
}

function resource(): Record<string, unknown> {
  return { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** An answer in protobuf stands here as its JSON would. */
  readonly json: unknown
}

/** Posts a body: text and bytes as they are, anything else as JSON. */
export async function post(
  receiver: Receiver,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const asIs = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(receiver.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: asIs ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const isProtobuf = response.headers.get('content-type') === PROTOBUF
  const json = isProtobuf ? decodeAnswer(path, response.status, bytes) : JSON.parse(new TextDecoder().decode(bytes))
  return { status: response.status, headers: response.headers, json }
}
