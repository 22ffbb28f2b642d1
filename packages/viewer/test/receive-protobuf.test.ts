import { expect, it } from '@jest/globals'
import { gzipSync } from 'node:zlib'

import { listStreams, openStore } from '../src/index.ts'
import { AS_PROTOBUF, encodeRequest, lengthDelimited, PROTOBUF, wrapped } from './protobuf.ts'
import { logs, metrics, post, SPAN_ID, TRACE_ID, traces, withReceiver } from './requests.ts'

it.each([
  ['/v1/traces', traces()],
  ['/v1/metrics', metrics()],
  ['/v1/logs', logs()],
])('%s takes protobuf and answers 200 with the empty message', async (path, body) => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, path, encodeRequest(path, body), AS_PROTOBUF)
    expect(answer).toMatchObject({ status: 200, json: {} })
    expect(answer.headers.get('content-type')).toBe(PROTOBUF)
    expect(answer.headers.get('content-length')).toBe('0')
  })
})

it('an empty body in protobuf is the message without a field', async () => {
  await withReceiver(async (receiver) => {
    expect(await post(receiver, '/v1/traces', '', AS_PROTOBUF)).toMatchObject({ status: 200, json: {} })
  })
})

it('reads gzip over protobuf, and a content type with parameters', async () => {
  await withReceiver(async (receiver) => {
    const body = gzipSync(encodeRequest('/v1/traces', traces()))
    const headers = { 'content-encoding': 'gzip', 'content-type': 'Application/X-Protobuf; v=1' }
    expect(await post(receiver, '/v1/traces', body, headers)).toMatchObject({ status: 200, json: {} })
    expect(listStreams(receiver.store)).toMatchObject([{ traceId: TRACE_ID, spanId: SPAN_ID, service: 'shop' }])
  })
})

it('says in a partial success in protobuf which spans were refused', async () => {
  await withReceiver(async (receiver) => {
    const body = Buffer.concat([
      encodeRequest('/v1/traces', traces()),
      encodeRequest('/v1/traces', traces({ spanId: '' })),
    ])
    expect(await post(receiver, '/v1/traces', body, AS_PROTOBUF)).toMatchObject({
      status: 200,
      json: {
        partialSuccess: {
          rejectedSpans: '1',
          errorMessage: 'resourceSpans[1].scopeSpans[0].spans[0] lacks a trace id or a span id.',
        },
      },
    })
    expect(listStreams(receiver.store)).toHaveLength(1)
  })
})

const SPAN = [2, 2, 1] as const // ScopeSpans.spans, ResourceSpans.scope_spans, the request's resource_spans
const RESOURCE_ATTRIBUTE = [2, 1, 1, 1] as const // KeyValue.value, Resource.attributes, ResourceSpans.resource, …
const bytes = (...values: readonly number[]) => Buffer.from(values)
/** An AnyValue of so many lists, each in the other. */
const nested = (depth: number) => wrapped(bytes(), ...Array.from({ length: depth }, () => [1, 5]).flat()) // ArrayValue.values, AnyValue.array_value
const whole = encodeRequest('/v1/traces', traces())

it.each<[string, Uint8Array, Record<string, string>, RegExp]>([
  ['a truncated body', whole.subarray(0, -9), {}, /resourceSpans ends too early/],
  ['a message longer than what holds it', wrapped(bytes(0x0a, 5, 1), ...SPAN), {}, /Span\.traceId ends too early/],
  ['a number longer than what holds it', wrapped(bytes(0x30, 0x80), ...SPAN), {}, /Span\.kind ends too early/],
  [
    'a number that runs into the next message',
    Buffer.concat([wrapped(bytes(0x30, 0x80), ...SPAN), whole]),
    {},
    /Span\.kind ends too early/,
  ],
  [
    'text that runs into the next message',
    Buffer.concat([wrapped(bytes(0x2a, 3), ...SPAN), whole]),
    {},
    /Span\.name ends too early/,
  ],
  ['a length of 4 GiB', bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), {}, /resourceSpans ends too early/],
  ['a number without an end', wrapped(Buffer.alloc(20, 0xb0), ...SPAN), {}, /can't be read at byte \d+/],
  ['a field number of 0', bytes(0x02, 0), {}, /ExportTraceServiceRequest can't be read at byte 0/],
  ['a wire type that is none', bytes(0x0f, 0), {}, /can't be read at byte 0/],
  ['a group', bytes(0x0b, 0x0c), {}, /resourceSpans can't have the wire type 3/],
  ['an unknown group', Buffer.alloc(1_000_000, 0x7b), {}, /a group stands in ExportTraceServiceRequest/],
  ['a number where a message goes', bytes(0x08, 1), {}, /resourceSpans can't have the wire type 0/],
  ['text where a time goes', wrapped(bytes(), 7, ...SPAN), {}, /startTimeUnixNano can't have the wire type 2/],
  ['text that is no UTF-8', wrapped(bytes(0xff), 5, ...SPAN), {}, /Span\.name can't be read/],
  ['an id of 5 bytes', wrapped(bytes(1, 2, 3, 4, 5), 1, ...SPAN), {}, /traceId must be 16 bytes/],
  ['an attribute nested 33 deep', wrapped(nested(33), ...RESOURCE_ATTRIBUTE), {}, /nested deeper than 32 levels/],
  [
    'an attribute nested 9,000 deep',
    wrapped(nested(9000), ...RESOURCE_ATTRIBUTE),
    {},
    /nested deeper than 200 messages/,
  ],
  ['JSON', Buffer.from(JSON.stringify(traces())), {}, /not OTLP/],
  ['a body that is not gzip', whole, { 'content-encoding': 'gzip' }, /can't be inflated/],
  ['a cut gzip body', gzipSync(whole).subarray(0, -5), { 'content-encoding': 'gzip' }, /can't be inflated/],
])('protobuf: %s is answered with 400 and one sentence', async (_name, body, headers, sentence) => {
  await withReceiver(async (receiver) => {
    const answer = await post(receiver, '/v1/traces', body, { ...AS_PROTOBUF, ...headers })
    expect(answer).toMatchObject({ status: 400, json: { code: 3, message: expect.stringMatching(sentence) } })
    expect(answer.headers.get('content-type')).toBe(PROTOBUF)
  })
})

it('an attribute nested 32 deep is taken from protobuf, as lists and as maps', async () => {
  await withReceiver(async (receiver) => {
    // KeyValue.value, KeyValueList.values, AnyValue.kvlist_value
    const maps = wrapped(bytes(), ...Array.from({ length: 32 }, () => [2, 1, 6]).flat())
    for (const value of [nested(32), maps]) {
      const body = wrapped(value, ...RESOURCE_ATTRIBUTE)
      expect(await post(receiver, '/v1/traces', body, AS_PROTOBUF)).toMatchObject({ status: 200, json: {} })
    }
  })
})

const POINT = [1, 9, 2, 2, 1] as const // Histogram.data_points, Metric.histogram, ScopeMetrics.metrics, …

it.each<[string, number, string, Uint8Array]>([
  ['values', 1_000_000, '/v1/traces', Buffer.alloc(2_000_002, bytes(0x0a, 0))],
  ['values', 1_000_000, '/v1/traces', Buffer.alloc(2_000_002, bytes(0x78, 0))],
  ['values', 1_000_000, '/v1/metrics', wrapped(Buffer.alloc(8_000_008), 6, ...POINT)],
  ['values', 1_000_000, '/v1/metrics', wrapped(Buffer.alloc(1_000_001), 2, 8, 1, 10, 2, 2, 1)],
  ['records', 50_000, '/v1/traces', wrapped(Buffer.alloc(100_002, bytes(0x12, 0)), 2, 1)],
])('more %s than %d in protobuf are answered with 413, at %s', async (what, most, path, body) => {
  await withReceiver(async (receiver) => {
    const message = `The body has more than ${most} ${what}: send smaller batches.`
    const answer = await post(receiver, path, body, AS_PROTOBUF)
    expect(answer).toMatchObject({ status: 413, json: { code: 8, message } })
  })
})

it('a gzip bomb of protobuf is answered with 413, and takes memory for what is allowed only', async () => {
  await withReceiver(async (receiver) => {
    const member = gzipSync(Buffer.alloc(2 ** 20))
    const bomb = Buffer.concat(Array.from({ length: 2048 }, () => member))
    const before = process.resourceUsage().maxRSS
    const answer = await post(receiver, '/v1/traces', bomb, { ...AS_PROTOBUF, 'content-encoding': 'gzip' })
    expect(answer).toMatchObject({ status: 413, json: { code: 8 } })
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(150)
  })
})

it('refusals from before the body are in protobuf too, where the request is', async () => {
  await withReceiver(async (receiver) => {
    expect(await post(receiver, '/v1/trace', whole, AS_PROTOBUF)).toMatchObject({ status: 404, json: { code: 5 } })
    const encoded = await post(receiver, '/v1/traces', whole, { ...AS_PROTOBUF, 'content-encoding': 'br' })
    expect(encoded).toMatchObject({ status: 415, json: { code: 3 } })
    expect(encoded.headers.get('content-type')).toBe(PROTOBUF)
  })
})

it('a failure whose words are no Unicode is told in protobuf all the same', async () => {
  const store = openStore()
  const failing = {
    ...store,
    ingest: () => {
      throw new Error('no room for \ud800')
    },
  }
  await withReceiver(
    async (receiver) => {
      expect(await post(receiver, '/v1/traces', whole, AS_PROTOBUF)).toMatchObject({
        status: 503,
        json: { code: 14, message: 'The telemetry could not be stored: no room for \ufffd' },
      })
    },
    { store: failing },
  )
  store.close()
})

it('unknown fields of every wire type are ignored, on every level', async () => {
  const unknown = Buffer.concat([
    bytes(0xb8, 0x3e, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), // field 999, a varint
    bytes(0xb9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8),
    lengthDelimited(999, bytes(0xff)),
    bytes(0xbd, 0x3e, 1, 2, 3, 4),
  ])
  await withReceiver(async (receiver) => {
    const attribute = Buffer.concat([
      unknown,
      lengthDelimited(1, Buffer.from('streamgauge.stream.outcome')),
      lengthDelimited(2, Buffer.concat([unknown, lengthDelimited(1, Buffer.from('broken'))])),
    ])
    const span = Buffer.concat([
      unknown,
      lengthDelimited(1, Buffer.from(TRACE_ID, 'hex')),
      lengthDelimited(2, Buffer.from(SPAN_ID, 'hex')),
      lengthDelimited(9, attribute),
      unknown,
    ])
    const body = Buffer.concat([unknown, wrapped(span, ...SPAN), unknown])
    expect(await post(receiver, '/v1/traces', body, AS_PROTOBUF)).toMatchObject({ status: 200, json: {} })
    expect(listStreams(receiver.store)).toMatchObject([{ traceId: TRACE_ID, spanId: SPAN_ID, outcome: 'broken' }])
  })
})

it('of a oneof the last member counts, and a message that comes twice is merged', async () => {
  await withReceiver(async (receiver) => {
    const twice = Buffer.concat([
      lengthDelimited(1, Buffer.from('streamgauge.stream.outcome')),
      lengthDelimited(2, lengthDelimited(1, Buffer.from('completed'))),
      lengthDelimited(2, Buffer.concat([bytes(0x10, 1), lengthDelimited(1, Buffer.from('broken'))])),
    ])
    const numberLast = Buffer.concat([
      lengthDelimited(1, Buffer.from('n')),
      lengthDelimited(2, Buffer.concat([lengthDelimited(1, Buffer.from('text')), bytes(0x18, 7)])),
    ])
    const span = Buffer.concat([
      lengthDelimited(1, Buffer.from(TRACE_ID, 'hex')),
      lengthDelimited(2, Buffer.from(SPAN_ID, 'hex')),
      lengthDelimited(9, twice),
      lengthDelimited(9, numberLast),
      lengthDelimited(15, lengthDelimited(2, Buffer.from('cut'))), // Span.status, its message and then its code
      lengthDelimited(15, bytes(0x18, 2)),
    ])
    await post(receiver, '/v1/traces', wrapped(span, ...SPAN), AS_PROTOBUF)
    const [stream] = listStreams(receiver.store)
    expect(stream).toMatchObject({ outcome: 'broken', statusCode: 'error', statusMessage: 'cut' })
    expect(stream?.attributes).toMatchObject({ n: 7 })
  })
})

it('numbers of a list are read packed and one by one', async () => {
  await withReceiver(async (receiver) => {
    const eight = (value: number) => bytes(value, 0, 0, 0, 0, 0, 0, 0)
    const packed = lengthDelimited(6, Buffer.concat([eight(1), eight(2)]))
    const single = Buffer.concat([bytes(0x31), eight(3)])
    const histogram = lengthDelimited(1, Buffer.concat([packed, single]))
    const metric = Buffer.concat([lengthDelimited(1, Buffer.from('m')), lengthDelimited(9, histogram)])
    await post(receiver, '/v1/metrics', wrapped(metric, 2, 2, 1), AS_PROTOBUF)
    const [point] = receiver.store.select('SELECT distribution FROM metric_points')
    expect(JSON.parse(String(point?.['distribution']))).toEqual({ count: 0, bucketCounts: [1, 2, 3] })
  })
})
