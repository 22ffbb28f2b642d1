import { context, metrics, trace, type Attributes } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'

/** Collects when it is asked. */
class ManualReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** What was added to a counter. */
export interface Added {
  readonly metric: string
  readonly attributes: Attributes
  readonly value: number
}

/** What recovery has told since the last reset. */
export interface Telemetry {
  spans(): ReadableSpan[]
  /** The points of all counters: attributes, and how much was added since the last time. */
  added(): Promise<Added[]>
  reset(): Promise<void>
}

/** Sets real providers as the global ones. One per process. */
export function setUpTelemetry(): Telemetry {
  const exporter = new InMemorySpanExporter()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  const reader = new ManualReader({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA })
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  return {
    spans: () => exporter.getFinishedSpans(),
    added: async () => {
      const { resourceMetrics } = await reader.collect()
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics: all }) => all)
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({ metric: descriptor.name, attributes, value: value as number })),
        )
        .filter(({ value }) => value > 0)
    },
    reset: async () => {
      exporter.reset()
      await reader.collect()
    },
  }
}
