import { context, logs, metrics, trace, type Attributes } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'

/** One number of a metric, with its attributes. */
export interface Point {
  readonly attributes: Attributes
  readonly value: unknown
}

/** Real providers with exporters that keep what they get. */
export interface Telemetry {
  spans(): ReadableSpan[]
  /** How many spans were started and ended since the last reset, chunks not among them. */
  started(): number
  ended(): number
  /** The one span that is no chunk. */
  span(): ReadableSpan
  logRecords(): ReturnType<InMemoryLogRecordExporter['getFinishedLogRecords']>
  /** The newest points of a metric. */
  points(metric: string): Promise<Point[]>
  /** The newest points of all metrics, and the units, by name. */
  allMetrics(): Promise<{ readonly metrics: Record<string, Point[]>; readonly units: Record<string, string> }>
  reset(): void
  shutdown(): Promise<void>
}

/** Sets real providers as the global ones, with processors of the caller's before ours. One per process. */
export function setUpTelemetry(logProcessors: readonly LogRecordProcessor[] = []): Telemetry {
  const spanExporter = new InMemorySpanExporter()
  const logExporter = new InMemoryLogRecordExporter()
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  // Longer than any test: metrics are collected when they are asked for.
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  let started = 0
  let ended = 0
  const counter: SpanProcessor = {
    onStart: ({ name }) => void (started += name === 'streamgauge.chunk' ? 0 : 1),
    onEnd: ({ name }) => void (ended += name === 'streamgauge.chunk' ? 0 : 1),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter }), counter],
  })
  const loggerProvider = new LoggerProvider({
    processors: [...logProcessors, new SimpleLogRecordProcessor({ exporter: logExporter })],
  })
  const meterProvider = new MeterProvider({ readers: [reader] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(tracerProvider)
  logs.setGlobalLoggerProvider(loggerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
  return {
    spans: () => spanExporter.getFinishedSpans(),
    started: () => started,
    ended: () => ended,
    span: () => {
      const spans = spanExporter.getFinishedSpans().filter(({ name }) => name !== 'streamgauge.chunk')
      if (spans.length !== 1) throw new Error(`expected one span, but there are ${spans.length}`)
      return spans[0] as ReadableSpan
    },
    logRecords: () => logExporter.getFinishedLogRecords(),
    points: async (metric) => {
      await meterProvider.forceFlush()
      const all =
        metricExporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
      return all
        .filter(({ descriptor }) => descriptor.name === metric)
        .flatMap(({ dataPoints }) => dataPoints as Point[])
    },
    allMetrics: async () => {
      await meterProvider.forceFlush()
      const all =
        metricExporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
      return {
        metrics: Object.fromEntries(
          all.map(({ descriptor, dataPoints }) => [
            descriptor.name,
            dataPoints.map(({ attributes, value }) => ({ attributes, value })),
          ]),
        ),
        units: Object.fromEntries(all.map(({ descriptor }) => [descriptor.name, descriptor.unit])),
      }
    },
    reset: () => {
      started = 0
      ended = 0
      spanExporter.reset()
      logExporter.reset()
    },
    shutdown: async () => {
      await Promise.all([tracerProvider.shutdown(), loggerProvider.shutdown(), meterProvider.shutdown()])
    },
  }
}
