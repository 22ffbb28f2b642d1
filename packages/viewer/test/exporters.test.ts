// What OpenTelemetry's own SDK and exporters send is what arrives: real sockets, no body written by hand.
import { context, SeverityNumber, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from '@jest/globals'
import { ATTR, EVENT, GEN_AI, METRIC } from '@streamgauge/core/semconv'

import { chunkSpans, faultLogs, listStreams, parseErrorRate, waitForStreams } from '../src/index.ts'
import { withReceiver } from './requests.ts'

const resource = resourceFromAttributes({ 'service.name': 'shop' })

it.each([
  ['protobuf', 'none', OTLPTraceExporter],
  ['protobuf', 'gzip', OTLPTraceExporter],
  ['JSON', 'none', JsonTraceExporter],
  ['JSON', 'gzip', JsonTraceExporter],
])('spans of the SDK arrive whole, in %s with compression %s', async (_encoding, compression, TraceExporter) => {
  await withReceiver(async (receiver) => {
    const exporter = new TraceExporter({ url: `${receiver.url}/v1/traces`, compression: compression as never })
    const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
    const tracer = provider.getTracer('scope', '1.2.3')
    const arrived = waitForStreams(receiver.store, 1, AbortSignal.timeout(5000))

    const request = tracer.startSpan('GET /', { kind: SpanKind.SERVER })
    const inRequest = trace.setSpan(context.active(), request)
    const stream = tracer.startSpan(
      'chat gpt-x',
      { kind: SpanKind.CLIENT, startTime: [1_544_712_660, 123_456_789] },
      inRequest,
    )
    stream.setAttributes({ [ATTR.OUTCOME]: 'broken', [ATTR.READS]: 3, [ATTR.MAX_GAP]: 0.5, [ATTR.ANOMALIES]: ['bom'] })
    stream.setStatus({ code: SpanStatusCode.ERROR, message: 'cut' })
    stream.addEvent(EVENT.FAULT, { [GEN_AI.ERROR_TYPE]: 'connection_reset' })
    const chunk = tracer.startSpan(EVENT.CHUNK_SPAN, {}, trace.setSpan(context.active(), stream))
    chunk.setAttribute(ATTR.CHUNK_INDEX, 0)
    chunk.end()
    stream.end([1_544_712_661, 123_456_789])
    request.end()
    await provider.forceFlush()

    // GET / (server)
    // └── chat gpt-x (client, broken)
    //     └── streamgauge.chunk
    expect(await arrived).toMatchObject([
      {
        traceId: request.spanContext().traceId,
        spanId: stream.spanContext().spanId,
        parentSpanId: request.spanContext().spanId,
        name: 'chat gpt-x',
        service: 'shop',
        startNanos: '1544712660123456789',
        durationMs: 1000,
        statusCode: 'error',
        statusMessage: 'cut',
        outcome: 'broken',
        reads: 3,
        maxGapMs: 500,
        anomalies: ['bom'],
        spanEvents: [{ name: EVENT.FAULT, attributes: { [GEN_AI.ERROR_TYPE]: 'connection_reset' } }],
      },
    ])
    expect(chunkSpans(receiver.store, stream.spanContext().spanId)).toMatchObject([{ index: 0 }])
    expect(receiver.store.select('SELECT count(*) AS found FROM spans')).toEqual([{ found: 3 }])
    await provider.shutdown()
  })
})

it.each([
  ['cumulative', 'protobuf', 'none', AggregationTemporalityPreference.CUMULATIVE, OTLPMetricExporter],
  ['cumulative', 'protobuf', 'gzip', AggregationTemporalityPreference.CUMULATIVE, OTLPMetricExporter],
  ['delta', 'protobuf', 'none', AggregationTemporalityPreference.DELTA, OTLPMetricExporter],
  ['cumulative', 'JSON', 'none', AggregationTemporalityPreference.CUMULATIVE, JsonMetricExporter],
  ['cumulative', 'JSON', 'gzip', AggregationTemporalityPreference.CUMULATIVE, JsonMetricExporter],
  ['delta', 'JSON', 'none', AggregationTemporalityPreference.DELTA, JsonMetricExporter],
])('counters of the SDK give the exact rate over several exports, %s in %s with compression %s', async (...row) => {
  const [, , compression, temporalityPreference, MetricExporter] = row
  await withReceiver(async (receiver) => {
    const url = `${receiver.url}/v1/metrics`
    const exporter = new MetricExporter({ url, temporalityPreference, compression: compression as never })
    // Exports when told to: the interval is longer than the test.
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ resource, readers: [reader] })
    const meter = provider.getMeter('scope')
    const ended = meter.createCounter(METRIC.ENDED)
    const chunks = meter.createObservableCounter(METRIC.CHUNKS)
    const errors = meter.createCounter(METRIC.PARSE_ERRORS)
    meter.createHistogram(METRIC.MAX_GAP, { unit: 's' }).record(0.25)
    let seen = 0
    chunks.addCallback((result) => result.observe(seen, { [ATTR.CHUNK_KIND]: 'output' }))
    errors.add(0, { [GEN_AI.ERROR_TYPE]: 'malformed_event' })

    for (let round = 1; round <= 4; round += 1) {
      seen += 100
      ended.add(2, { [ATTR.OUTCOME]: 'completed' })
      if (round === 3) errors.add(1, { [GEN_AI.ERROR_TYPE]: 'malformed_event' })
      await provider.forceFlush()
      expect(parseErrorRate(receiver.store)).toMatchObject({ ended: 2 * round, chunks: 100 * round })
    }
    expect(parseErrorRate(receiver.store)).toEqual({
      parseErrors: 1,
      parseErrorsByType: { malformed_event: 1 },
      ended: 8,
      endedByOutcome: { completed: 8 },
      chunks: 400,
      perStream: 0.125,
      perChunk: 0.0025,
    })
    const [histogram] = receiver.store.select("SELECT total FROM metric_series WHERE type = 'histogram'")
    expect(histogram).toMatchObject({ total: 0.25 })
    await provider.shutdown()
  })
})

it.each([
  ['protobuf', 'none', OTLPLogExporter],
  ['protobuf', 'gzip', OTLPLogExporter],
  ['JSON', 'none', JsonLogExporter],
  ['JSON', 'gzip', JsonLogExporter],
])('log events of the SDK arrive with their span, in %s with compression %s', async (...row) => {
  const [, compression, LogExporter] = row
  await withReceiver(async (receiver) => {
    const exporter = new LogExporter({ url: `${receiver.url}/v1/logs`, compression: compression as never })
    const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] })
    const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
    provider.getLogger('scope').emit({
      eventName: EVENT.FAULT,
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      timestamp: [1_544_712_660, 5],
      body: { bytes: new Uint8Array([1, 2]), list: [1, 'x'] },
      attributes: { [GEN_AI.ERROR_TYPE]: 'truncated_event' },
      context: trace.setSpanContext(context.active(), spanContext),
    })
    await provider.forceFlush()
    expect(faultLogs(receiver.store)).toMatchObject([
      {
        timeNanos: '1544712660000000005',
        severityNumber: 13,
        severityText: 'WARN',
        errorType: 'truncated_event',
        body: { bytes: 'AQI=', list: [1, 'x'] },
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        service: 'shop',
      },
    ])
    await provider.shutdown()
  })
})

it.each([
  ['protobuf', OTLPTraceExporter],
  ['JSON', JsonTraceExporter],
])('a batch that is too large fails at the exporter of %s, which says so', async (_encoding, TraceExporter) => {
  await withReceiver(
    async (receiver) => {
      const exporter = new TraceExporter({ url: `${receiver.url}/v1/traces` })
      const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
      provider
        .getTracer('scope')
        .startSpan('chat', { attributes: { [ATTR.OUTCOME]: 'x'.repeat(3000) } })
        .end()
      await expect(provider.forceFlush()).rejects.toMatchObject([{ message: 'Payload Too Large' }])
      expect(listStreams(receiver.store)).toEqual([])
      await provider.shutdown()
    },
    { maxBodyBytes: 1000 },
  )
})
