// The same telemetry, in both encodings, gives the same rows.
import type { Attributes, HrTime } from '@opentelemetry/api'
import type { Receiver, Store } from '../src/index.ts'

import { SeverityNumber, SpanKind, SpanStatusCode, ValueType } from '@opentelemetry/api'
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { AggregationType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from '@jest/globals'
import * as fc from 'fast-check'

import { startReceiver } from '../src/index.ts'
import { AS_PROTOBUF, encodeRequest } from './protobuf.ts'
import { distribution, logs, metrics, post, traces } from './requests.ts'

/** Two receivers, one for each encoding; returns what they keep, which is to be equal. */
async function rowsOfBoth(
  send: (protobuf: Receiver, json: Receiver) => Promise<void>,
): Promise<{ readonly protobuf: readonly unknown[]; readonly json: readonly unknown[] }> {
  await using protobuf = await startReceiver({ port: 0 })
  await using json = await startReceiver({ port: 0 })
  await send(protobuf, json)
  return { protobuf: allRows(protobuf.store), json: allRows(json.store) }
}

/** Every column of every row as SQLite quotes it, which is exact; when a row arrived is not what was sent. */
function allRows(store: Store): readonly unknown[] {
  return ['spans', 'logs', 'metric_series', 'metric_points'].flatMap((table) => {
    const columns = store
      .select('SELECT name FROM pragma_table_info(:table)', { table })
      .map(({ name }) => String(name))
      .filter((name) => name !== 'received_ms')
    return store.select(
      `SELECT ${columns.map((name) => `quote(${name}) AS ${name}`).join(', ')} FROM ${table} ORDER BY id`,
    )
  })
}

/** What both encodings can say: JSON has no NaN, and its writer rounds integers beyond 2^53. */
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > 2 ** 63),
)
const text = fc.string({ unit: 'grapheme' })
const scalar = fc.oneof(text, number, fc.boolean())
const attributes = fc.dictionary(
  fc.oneof(text, fc.constantFrom('__proto__', 'streamgauge.stream.outcome')).filter((key) => key !== ''),
  fc.oneof(scalar, fc.array(text), fc.array(number), fc.array(fc.boolean())),
  { noNullPrototype: true },
) as fc.Arbitrary<Attributes>
const time: fc.Arbitrary<HrTime> = fc.tuple(fc.integer({ min: 1, max: 9_000_000_000 }), fc.nat(999_999_999))
const content = fc.anything({
  // The exporters copy an object key by key: `__proto__` with bytes makes the copy pass for bytes, and they send nothing.
  key: fc.string().filter((key) => key !== '__proto__'),
  values: [scalar, fc.uint8Array()],
  maxDepth: 3,
  withNullPrototype: false,
})

it('spans of the SDK give the same rows from both exporters', async () => {
  const span = fc.record({
    name: text,
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER),
    attributes,
    startTime: time,
    endTime: time,
    status: fc.record({
      code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
      message: text,
    }),
    events: fc.array(fc.record({ name: text, attributes, at: time }), { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(attributes, fc.array(span, { minLength: 1, maxLength: 5 }), async (resource, spans) => {
      const rows = await rowsOfBoth(async (protobuf, json) => {
        const exporters = [
          new OTLPTraceExporter({ url: `${protobuf.url}/v1/traces` }),
          new JsonTraceExporter({ url: `${json.url}/v1/traces` }),
        ]
        const provider = new TracerProvider({
          resource: resourceFromAttributes(resource),
          spanProcessors: exporters.map((exporter) => new SimpleSpanProcessor({ exporter })),
        })
        const tracer = provider.getTracer('scope', '1')
        for (const { name, kind, startTime, endTime, status, events, ...rest } of spans) {
          const started = tracer.startSpan(name, { kind, startTime, attributes: rest.attributes }).setStatus(status)
          for (const event of events) started.addEvent(event.name, event.attributes, event.at)
          started.end(endTime)
        }
        await provider.shutdown()
      })
      expect(rows.protobuf).toHaveLength(spans.length)
      expect(rows.protobuf).toEqual(rows.json)
    }),
    { numRuns: 100 },
  )
}, 30_000)

it('log records of the SDK give the same rows from both exporters, bytes and deep bodies included', async () => {
  const record = fc.record({
    eventName: text,
    severityNumber: fc.constantFrom(SeverityNumber.UNSPECIFIED, SeverityNumber.INFO, SeverityNumber.FATAL4),
    severityText: text,
    timestamp: time,
    body: content,
    attributes: fc.dictionary(
      text.filter((key) => key !== ''),
      content,
      { noNullPrototype: true },
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), async (records) => {
      const rows = await rowsOfBoth(async (protobuf, json) => {
        const exporters = [
          new OTLPLogExporter({ url: `${protobuf.url}/v1/logs` }),
          new JsonLogExporter({ url: `${json.url}/v1/logs` }),
        ]
        const provider = new LoggerProvider({
          processors: exporters.map((exporter) => new SimpleLogRecordProcessor({ exporter })),
        })
        for (const item of records) provider.getLogger('scope').emit(item)
        await provider.shutdown()
      })
      expect(rows.protobuf).toHaveLength(records.length)
      expect(rows.protobuf).toEqual(rows.json)
    }),
    { numRuns: 100 },
  )
}, 30_000)

/** Collects when told to, so that both exporters get the same. */
class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

it('metrics of the SDK give the same rows from both exporters, histograms of both kinds included', async () => {
  const values = fc.array(fc.tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), attributes), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(attributes, values, async (resource, recorded) => {
      const reader = new ManualReader()
      const provider = new MeterProvider({
        resource: resourceFromAttributes(resource),
        readers: [reader],
        views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
      })
      const meter = provider.getMeter('scope', '1')
      for (const [value, labels] of recorded) {
        meter.createCounter('counter', { valueType: ValueType.INT }).add(Math.floor(Math.abs(value)), labels)
        meter.createUpDownCounter('both ways', { unit: '{thing}' }).add(value, labels)
        meter.createUpDownCounter('whole', { valueType: ValueType.INT }).add(Math.floor(value), labels)
        meter.createGauge('gauge').record(value, labels)
        meter.createHistogram('explicit').record(Math.abs(value), labels)
        meter.createHistogram('exponential').record(Math.abs(value), labels)
      }
      const collected: unknown = (await reader.collect()).resourceMetrics
      const resourceMetrics = collected as Parameters<OTLPMetricExporter['export']>[0]
      const rows = await rowsOfBoth(async (protobuf, json) => {
        const exporters = [
          new OTLPMetricExporter({ url: `${protobuf.url}/v1/metrics` }),
          new JsonMetricExporter({ url: `${json.url}/v1/metrics` }),
        ]
        for (const exporter of exporters) {
          const { code } = await new Promise<{ code: number }>((resolve) => exporter.export(resourceMetrics, resolve))
          expect(code).toBe(0)
          await exporter.shutdown()
        }
      })
      expect(rows.protobuf).toEqual(rows.json)
      if (recorded.length > 0) expect(rows.protobuf.length).toBeGreaterThanOrEqual(12)
      await provider.shutdown()
    }),
    { numRuns: 100 },
  )
}, 30_000)

const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant({}),
    text.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((integer) => ({ intValue: String(integer) })),
    fc.double().map((double) => ({ doubleValue: Number.isFinite(double) ? double : String(double) })),
    fc.uint8Array().map((bytes) => ({ bytesValue: Buffer.from(bytes).toString('base64') })),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
    fc
      .array(fc.record({ key: text, value: tie('value') }), { maxLength: 3 })
      .map((values) => ({ kvlistValue: { values } })),
  ),
})).value
const keyValues = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 3 })
const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)

it.each([
  [
    '/v1/traces',
    fc
      .record({
        startTimeUnixNano: nanos,
        endTimeUnixNano: nanos,
        attributes: keyValues,
        kind: fc.integer({ min: 0, max: 9 }),
      })
      .map(traces),
  ],
  [
    '/v1/logs',
    fc.record({ timeUnixNano: nanos, observedTimeUnixNano: nanos, body: anyValue, attributes: keyValues }).map(logs),
  ],
  [
    '/v1/metrics',
    fc.constantFrom('gauge', 'sum').chain((type) =>
      fc
        .record({
          timeUnixNano: nanos,
          attributes: keyValues,
          asInt: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
        })
        .map((point) => metrics({ sum: undefined, [type]: { dataPoints: [point] } })),
    ),
  ],
  [
    '/v1/metrics',
    fc
      .constantFrom('histogram', 'exponentialHistogram', 'summary')
      .map((type) => metrics({ sum: undefined, [type]: distribution(type) })),
  ],
])(
  '%s: every kind of value, and 64 bits of a number, come out of protobuf as out of JSON',
  async (path, request) => {
    await fc.assert(
      fc.asyncProperty(request, async (body) => {
        const rows = await rowsOfBoth(async (protobuf, json) => {
          const answers = [
            await post(protobuf, path, encodeRequest(path, body), AS_PROTOBUF),
            await post(json, path, body),
          ]
          expect(answers[0]?.status).toBe(200)
          expect(answers[0]?.json).toEqual(answers[1]?.json)
        })
        expect(rows.protobuf).toEqual(rows.json)
      }),
      { numRuns: 200 },
    )
  },
  30_000,
)
