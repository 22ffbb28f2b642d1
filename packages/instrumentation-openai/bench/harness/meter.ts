import { createNoopMeter, type BatchObservableCallback, type Meter } from '@opentelemetry/api'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'

/** A real meter with real readers, which hand on to nobody. */
export interface RealMeter {
  readonly meter: Meter
  readonly readers: readonly MetricReader[]
  /** Milliseconds that batch callbacks took so far, with what the SDK does while they tell it. */
  callbackMs(): number
}

/** Collects when it is asked. */
class IdleReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** @param seriesLimit series of an instrument that the readers keep, where it is not the SDK's own limit */
export function realMeter(readerCount: number, seriesLimit?: number): RealMeter {
  const options = {
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    ...(seriesLimit === undefined ? {} : { cardinalitySelector: () => seriesLimit }),
  }
  const readers = Array.from({ length: readerCount }, () => new IdleReader(options))
  const meter = new MeterProvider({ readers }).getMeter('bench')
  const add = meter.addBatchObservableCallback.bind(meter)
  let callbackMs = 0
  meter.addBatchObservableCallback = (callback, instruments) => {
    add((result) => {
      const startMs = performance.now()
      const returned = callback(result)
      callbackMs += performance.now() - startMs
      return returned
    }, instruments)
  }
  return { meter, readers, callbackMs: () => callbackMs }
}

/** A meter that does nothing with what it is told, and the way to have its callbacks called. */
export function deafMeter(): { readonly meter: Meter; collect(): void } {
  const meter = createNoopMeter()
  const callbacks: BatchObservableCallback[] = []
  const result = { observe: (): void => {} }
  return {
    // Those without effect are the same object for all.
    meter: Object.create(meter, {
      addBatchObservableCallback: { value: (callback: BatchObservableCallback) => void callbacks.push(callback) },
    }) as Meter,
    collect: () => {
      for (const callback of callbacks) void callback(result)
    },
  }
}
