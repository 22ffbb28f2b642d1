import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import type { Cell, Cells } from './cells.ts'

/**
 * Lets a meter read the cells at each collection: exact, streams in flight included, and free in between.
 *
 * @returns takes the reading away again
 */
export function observeCells(meter: Meter, cells: Cells): () => void {
  const counter = (name: string, unit: string, description: string): Observable =>
    meter.createObservableCounter(name, { unit, description })
  const chunks = counter(METRIC.CHUNKS, '{chunk}', 'Chunks of streams that were decoded, by what they brought')
  const reads = counter(METRIC.READS, '{read}', 'Reads of the bodies of streams')
  const io = counter(METRIC.IO, 'By', 'Bytes of the bodies of streams')
  const ended = counter(METRIC.ENDED, '{stream}', 'Streams that have ended, by how')
  const faults = counter(METRIC.FAULTS, '{fault}', 'Faults that broke a stream, by type and cause')
  const parseErrors = counter(METRIC.PARSE_ERRORS, '{error}', 'Chunks that could not be parsed, by type')
  const anomalies = counter(METRIC.ANOMALIES, '{anomaly}', 'Anomalies of streams, which do not change how they end')
  const active: Observable = meter.createObservableUpDownCounter(METRIC.ACTIVE, {
    unit: '{stream}',
    description: 'Streams that are open',
  })
  const instruments = [chunks, reads, io, ended, faults, parseErrors, anomalies, active]

  const observe = (result: Parameters<BatchObservableCallback>[0], cell: Cell): void => {
    const { attributes } = cell
    result.observe(reads, cell.reads, attributes)
    result.observe(io, cell.bytes, attributes)
    result.observe(active, cell.active, attributes)
    for (const [kind, count] of Object.entries(cell.chunks)) {
      result.observe(chunks, count, { ...attributes, [ATTR.CHUNK_KIND]: kind })
    }
    for (const [outcome, count] of Object.entries(cell.ended)) {
      result.observe(ended, count, { ...attributes, [ATTR.OUTCOME]: outcome })
    }
    for (const [code, count] of cell.parseErrors) {
      result.observe(parseErrors, count, { ...attributes, [GEN_AI.ERROR_TYPE]: code })
    }
    for (const { code, cause, count } of cell.faults.values()) {
      result.observe(faults, count, { ...attributes, [GEN_AI.ERROR_TYPE]: code, [ATTR.CAUSE]: cause })
    }
    for (const [type, count] of cell.anomalies) {
      result.observe(anomalies, count, { ...attributes, [ATTR.ANOMALY_TYPE]: type })
    }
  }
  const callback: BatchObservableCallback = (result) => {
    for (const cell of cells.values()) observe(result, cell)
  }
  meter.addBatchObservableCallback(callback, instruments)
  return () => meter.removeBatchObservableCallback(callback, instruments)
}
