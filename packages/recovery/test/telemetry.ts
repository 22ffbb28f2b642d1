import { context, metrics, trace, type Attributes } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'

/** Collects when it is asked. */
class ManualReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** What recovery has told since the last reset. */
export interface Telemetry {
  spans(): ReadableSpan[]
  /** The points of a counter: attributes, and how much was added since the last time. */
  added(counter: string): Promise<(Attributes & { readonly value: number })[]>
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
    added: async (counter) => {
      const { resourceMetrics } = await reader.collect()
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics: all }) => all)
        .filter(({ descriptor }) => descriptor.name === counter)
        .flatMap(({ dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({ ...attributes, value: value as number })),
        )
    },
    reset: async () => {
      exporter.reset()
      await reader.collect()
    },
  }
}
