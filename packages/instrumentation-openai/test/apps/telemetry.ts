import { logs, metrics, trace, type Attributes } from '@opentelemetry/api'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'

/** One number of a metric, with its attributes. */
export interface Point {
  readonly attributes: Attributes
  readonly value: unknown
}

/** Real providers with exporters that keep what they get. */
export interface Telemetry {
  spans(): ReadableSpan[]
  /** The one span that is no chunk. */
  span(): ReadableSpan
  logRecords(): ReturnType<InMemoryLogRecordExporter['getFinishedLogRecords']>
  /** The newest points of a metric. */
  points(metric: string): Promise<Point[]>
  reset(): void
  shutdown(): Promise<void>
}

/** Sets real providers as the global ones. One per process. */
export function setUpTelemetry(): Telemetry {
  const spanExporter = new InMemorySpanExporter()
  const logExporter = new InMemoryLogRecordExporter()
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  // Longer than any test: metrics are collected when they are asked for.
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] })
  const loggerProvider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logExporter })] })
  const meterProvider = new MeterProvider({ readers: [reader] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(tracerProvider)
  logs.setGlobalLoggerProvider(loggerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
  return {
    spans: () => spanExporter.getFinishedSpans(),
    span: () => {
      const spans = spanExporter.getFinishedSpans().filter(({ name }) => name !== 'streamgauge.chunk')
      if (spans.length !== 1) throw new Error(`expected one span, but there are ${spans.length}`)
      return spans[0] as ReadableSpan
    },
    logRecords: () => logExporter.getFinishedLogRecords(),
    points: async (metric) => {
      await meterProvider.forceFlush()
      const all = metricExporter.getMetrics().at(-1)?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
      return all.filter(({ descriptor }) => descriptor.name === metric).flatMap(({ dataPoints }) => dataPoints as Point[])
    },
    reset: () => {
      spanExporter.reset()
      logExporter.reset()
    },
    shutdown: async () => {
      await Promise.all([tracerProvider.shutdown(), loggerProvider.shutdown(), meterProvider.shutdown()])
    },
  }
}
