import type { BatchObservableCallback, Counter, Meter, Observable } from '@opentelemetry/api'
import { ATTR, METRIC } from '@streamgauge/core/semconv'
import type { Cells } from './cells.ts'
import type { CellMetric } from './series.ts'

/**
 * Lets a meter read the cells at each collection: exact, streams in flight included, and free in between. It is told what no
 * meter before it was told: a counter that began with all of the past would count that twice.
 *
 * Plain counters get what was added since the last collection, and hear nothing of series that did not change: what an SDK
 * does with a number that it is told is most of what a collection takes. Numbers that were observed instead would overwrite
 * each other where a view takes attributes away, or where there are more of them than the SDK keeps; added ones add up.
 *
 * @param sdkVersions those that are watched at that moment
 * @returns takes the reading away again
 */
export function observeCells(meter: Meter, cells: Cells, sdkVersions: () => Iterable<string>): () => void {
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { unit, description })
  const counters: Readonly<Record<CellMetric, Counter>> = {
    [METRIC.CHUNKS]: counter(METRIC.CHUNKS, '{chunk}', 'Chunks of streams, by what they brought'),
    [METRIC.READS]: counter(METRIC.READS, '{read}', 'Reads of streams'),
    [METRIC.IO]: counter(METRIC.IO, 'By', 'Bytes of streams'),
    [METRIC.ENDED]: counter(METRIC.ENDED, '{stream}', 'Streams that ended, by how'),
    [METRIC.FAULTS]: counter(METRIC.FAULTS, '{fault}', 'Faults that broke a stream, by type and cause'),
    [METRIC.PARSE_ERRORS]: counter(METRIC.PARSE_ERRORS, '{error}', 'Parse errors, by type'),
    [METRIC.ANOMALIES]: counter(METRIC.ANOMALIES, '{anomaly}', 'Anomalies of streams, by type'),
  }
  const active: Observable = meter.createObservableUpDownCounter(METRIC.ACTIVE, {
    unit: '{stream}',
    description: 'Open streams',
  })
  const watched: Observable = meter.createObservableUpDownCounter(METRIC.WATCHED, {
    unit: '{sdk}',
    description: 'Versions of openai that are watched',
  })
  // All that there is so far has a series of this meter as well, at 0 where nothing was added.
  let knowsAll = false
  let hasLeft = false

  const callback: BatchObservableCallback = (result) => {
    // A meter that does not let go of it takes nothing away from the next one.
    if (hasLeft) return
    for (const version of sdkVersions()) result.observe(watched, 1, { [ATTR.SDK_VERSION]: version })
    for (const cell of cells.values()) {
      result.observe(active, cell.active, cell.attributes)
      for (const series of cell.series) {
        const value = series.read()
        if (knowsAll && value === series.told) continue
        counters[series.metric].add(value - (series.told ?? 0), series.attributes)
        series.told = value
      }
    }
    knowsAll = true
  }
  meter.addBatchObservableCallback(callback, [active, watched])
  return () => {
    hasLeft = true
    meter.removeBatchObservableCallback(callback, [active, watched])
  }
}
