import { expect, it } from '@jest/globals'
import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'
import * as fc from 'fast-check'

import { chunkSpans, faultLogs, listStreams, openStore } from '../src/index.ts'
import { hexId, log, span, streamSpan } from './records.ts'
import { logs, post, traces, withReceiver } from './requests.ts'

it('a stream reads as a row of plain values, durations in milliseconds', () => {
  const store = openStore()
  const attributes = {
    [ATTR.OUTCOME]: 'broken',
    [ATTR.END]: 'transport_error',
    [ATTR.CAUSE]: 'network',
    [ATTR.CAUSE_CONFIDENCE]: 'likely',
    [ATTR.REMEDY]: 'Look at the proxy.',
    [ATTR.ANOMALIES]: ['stalled', 'bom'],
    [ATTR.READS]: 3,
    [ATTR.EVENTS]: 12,
    [ATTR.BYTES]: 4096,
    [ATTR.MAX_GAP]: 0.25,
    [ATTR.CHUNK_RAW]: 'data: {"id":"x',
    [ATTR.CHUNK_INDEX]: 12,
    [ATTR.CHUNK_OFFSET]: 4082,
    [ATTR.CHUNK_SIZE]: 14,
    [ATTR.CHUNK_BREAK]: 14,
    [GEN_AI.OPERATION_NAME]: 'chat',
    [GEN_AI.REQUEST_MODEL]: 'gpt-x',
    [GEN_AI.ERROR_TYPE]: 'connection_reset',
    [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: 0.125,
    [GEN_AI.RESPONSE_FINISH_REASONS]: ['error'],
  }
  const events = [{ name: EVENT.FAULT, timeNanos: '1', attributes: {} }]
  const parentSpanId = hexId(9, 16)
  store.ingest({
    signal: 'traces',
    records: [streamSpan(1, attributes, { parentSpanId, statusCode: 'error', events })],
  })
  expect(listStreams(store)).toEqual([
    {
      traceId: hexId(1, 32),
      spanId: hexId(1, 16),
      parentSpanId,
      name: 'chat gpt-x',
      service: 'test',
      startMs: 1,
      startNanos: '1000000',
      endNanos: '2000000',
      durationMs: 1,
      statusCode: 'error',
      statusMessage: '',
      attributes,
      spanEvents: events,
      model: 'gpt-x',
      operation: 'chat',
      outcome: 'broken',
      end: 'transport_error',
      errorType: 'connection_reset',
      cause: 'network',
      causeConfidence: 'likely',
      remedy: 'Look at the proxy.',
      anomalies: ['stalled', 'bom'],
      reads: 3,
      events: 12,
      bytes: 4096,
      timeToFirstChunkMs: 125,
      maxGapMs: 250,
      chunk: {
        raw: 'data: {"id":"x',
        index: 12,
        offset: 4082,
        size: 14,
        truncated: null,
        encoding: null,
        break: 14,
      },
      finishReasons: ['error'],
    },
  ])
  store.close()
})

it('attributes of unexpected types read as absent', () => {
  const store = openStore()
  const attributes = { [ATTR.END]: 5, [ATTR.READS]: 'many', [ATTR.ANOMALIES]: [1, 'bom'], [ATTR.CHUNK_RAW]: null }
  store.ingest({ signal: 'traces', records: [streamSpan(1, attributes)] })
  expect(listStreams(store)).toMatchObject([{ end: null, reads: null, anomalies: ['bom'], chunk: null }])
  store.close()
})

it('streams come in the order of their start, newest last, and a limit keeps the newest', () => {
  const store = openStore()
  store.ingest({ signal: 'traces', records: [3, 1, 2].map((id) => streamSpan(id)) })
  const ids = (limit?: number) => listStreams(store, { limit }).map((stream) => Number(`0x${stream.spanId}`))
  expect(ids()).toEqual([1, 2, 3])
  expect(ids(2)).toEqual([2, 3])
  expect(() => ids(0)).toThrow(RangeError)
  store.close()
})

it('streams are found by service and by trace, and other spans are no streams', () => {
  const store = openStore()
  store.ingest({ signal: 'traces', records: [streamSpan(1, {}, { service: 'shop' }), streamSpan(2), span(3)] })
  expect(listStreams(store)).toHaveLength(2)
  expect(listStreams(store, { service: 'shop' })).toMatchObject([{ spanId: hexId(1, 16) }])
  expect(listStreams(store, { traceId: hexId(2, 32) })).toMatchObject([{ spanId: hexId(2, 16) }])
  expect(listStreams(store, { service: 'shop', traceId: hexId(2, 32) })).toEqual([])
  store.close()
})

it('the chunk spans of a stream come in the order of time, without its other children', () => {
  const store = openStore()
  const chunk = (id: number, parent: number) =>
    span(id, {
      name: EVENT.CHUNK_SPAN,
      parentSpanId: hexId(parent, 16),
      attributes: { [ATTR.CHUNK_INDEX]: id, [ATTR.CHUNK_OFFSET]: id * 10, [ATTR.CHUNK_SIZE]: 10 },
    })
  const other = span(50, { parentSpanId: hexId(1, 16) })
  store.ingest({ signal: 'traces', records: [chunk(12, 1), chunk(11, 1), chunk(13, 2), other, streamSpan(1)] })
  expect(chunkSpans(store, hexId(1, 16))).toMatchObject([
    { index: 11, offset: 110, size: 10 },
    { index: 12, offset: 120, size: 10 },
  ])
  store.close()
})

it('of the logs only the events of faults are listed, newest last', () => {
  const store = openStore()
  const fault = {
    eventName: EVENT.FAULT,
    traceId: hexId(1, 32),
    attributes: { [GEN_AI.ERROR_TYPE]: 'truncated_event' },
  }
  const records = [log(3_000_000, fault), log(1_000_000, { ...fault, traceId: null, body: { text: 'cut' } }), log(2)]
  store.ingest({ signal: 'logs', records })
  expect(faultLogs(store)).toMatchObject([
    { timeMs: 1, timeNanos: '1000000', body: { text: 'cut' }, traceId: null },
    { timeMs: 3, errorType: 'truncated_event', severityNumber: 13, severityText: 'WARN', service: 'test' },
  ])
  expect(faultLogs(store, { traceId: hexId(1, 32) })).toHaveLength(1)
  expect(faultLogs(store, { limit: 1 })).toMatchObject([{ timeMs: 3 }])
  store.close()
})

it('64-bit times survive exactly, written as strings or as numbers', async () => {
  const nanos = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
  await withReceiver(async (receiver) => {
    let id = 0
    await fc.assert(
      fc.asyncProperty(nanos, nanos, fc.boolean(), async (start, end, asNumbers) => {
        id += 1
        const traceId = hexId(id, 32)
        const times = { startTimeUnixNano: String(start), endTimeUnixNano: String(end) }
        const text = JSON.stringify(traces({ traceId, ...times }))
        const body = asNumbers ? text.replaceAll(/(TimeUnixNano":)"(\d+)"/g, '$1$2') : text
        expect(await post(receiver, '/v1/traces', body)).toMatchObject({ status: 200, json: {} })
        const [stream] = listStreams(receiver.store, { traceId })
        expect(stream).toMatchObject({ startNanos: String(start), endNanos: String(end) })
      }),
    )
  })
})

it('every kind of attribute value reads as plain JSON, and unknown fields are passed over', async () => {
  const value = (fields: Record<string, unknown>) => ({ value: fields })
  const list = [
    { key: 'text', ...value({ stringValue: 'a\u0000b' }) },
    { key: 'integer as text', ...value({ intValue: '-42' }) },
    { key: 'integer', ...value({ intValue: 42 }) },
    { key: 'large', ...value({ intValue: '9223372036854775807' }) },
    { key: 'double', ...value({ doubleValue: 0.5 }) },
    { key: 'not a number', ...value({ doubleValue: 'NaN' }) },
    { key: 'flag', ...value({ boolValue: false }) },
    { key: 'array', ...value({ arrayValue: { values: [{ intValue: 1 }, { stringValue: 'x' }, {}] } }) },
    { key: 'record', ...value({ kvlistValue: { values: [{ key: '__proto__', value: { intValue: 1 } }] } }) },
    { key: 'bytes', ...value({ bytesValue: 'AAEC' }) },
    { key: 'nothing', ...value({}) },
    { key: 'newer', ...value({ quaternionValue: [1, 2, 3, 4] }), strindex: 7 },
  ]
  await withReceiver(async (receiver) => {
    const fields = {
      attributes: list,
      future: { field: [1] },
      kind: 'SPAN_KIND_CLIENT',
      status: { code: 'STATUS_CODE_OK' },
    }
    await post(receiver, '/v1/traces', traces(fields))
    const [row] = receiver.store.select('SELECT attributes, kind, status_code FROM spans')
    expect(row).toMatchObject({ kind: 'client', status_code: 'ok' })
    expect(JSON.parse(String(row?.['attributes']))).toEqual(
      JSON.parse(`{
        "text": "a\\u0000b", "integer as text": -42, "integer": 42, "large": "9223372036854775807", "double": 0.5,
        "not a number": "NaN", "flag": false, "array": [1, "x", null], "record": { "__proto__": 1 }, "bytes": "AAEC",
        "nothing": null, "newer": null
      }`),
    )
  })
})

it('a log without a time of its own has the time of its observation', async () => {
  await withReceiver(async (receiver) => {
    const fields = { timeUnixNano: '0', observedTimeUnixNano: '77', severityNumber: 'SEVERITY_NUMBER_ERROR2' }
    await post(receiver, '/v1/logs', logs(fields))
    expect(faultLogs(receiver.store)).toMatchObject([{ timeNanos: '77', severityNumber: 18 }])
  })
})
