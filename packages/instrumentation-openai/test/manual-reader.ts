import type { Attributes } from '@opentelemetry/api'
import { AggregationTemporality, MetricReader } from '@opentelemetry/sdk-metrics'

export { AggregationTemporality }

/** A point of a metric. */
export interface Collected {
  readonly attributes: Attributes
  readonly value: unknown
}

/** Collects when it is asked. */
export class ManualReader extends MetricReader {
  /** @param seriesLimit series of an instrument that it keeps, where it is not the SDK's own limit */
  constructor(temporality: (typeof AggregationTemporality)[keyof typeof AggregationTemporality], seriesLimit?: number) {
    super({
      aggregationTemporalitySelector: () => temporality,
      ...(seriesLimit === undefined ? {} : { cardinalitySelector: () => seriesLimit }),
    })
  }

  /** Collects, and gives the points of one metric. */
  async read(name: string): Promise<readonly Collected[]> {
    const { resourceMetrics } = await this.collect()
    return resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }): readonly Collected[] => dataPoints)
  }

  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}
