import type { Attributes, BatchObservableCallback, Meter, Observable } from '@opentelemetry/api'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import type { Cell, Cells } from './cells.ts'

/**
 * Lets a meter read the cells at each collection: exact, streams in flight included, and free in between. It is told what no
 * meter before it was told: a counter that began with all of the past would count that twice.
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
  const before = new Map([...cells.values()].map((cell) => [cell, new Map(cell.told)]))
  const instruments = [chunks, reads, io, ended, faults, parseErrors, anomalies, active]

  const callback: BatchObservableCallback = (result) => {
    const count = (cell: Cell, instrument: Observable, value: number, key: string, own: Attributes = {}): void => {
      result.observe(instrument, value - (before.get(cell)?.get(key) ?? 0), { ...cell.attributes, ...own })
      cell.told.set(key, value)
    }
    for (const cell of cells.values()) {
      result.observe(active, cell.active, cell.attributes)
      count(cell, reads, cell.reads, 'reads')
      count(cell, io, cell.bytes, 'io')
      for (const [kind, value] of Object.entries(cell.chunks)) {
        count(cell, chunks, value, `chunks|${kind}`, { [ATTR.CHUNK_KIND]: kind })
      }
      for (const [outcome, value] of Object.entries(cell.ended)) {
        count(cell, ended, value, `ended|${outcome}`, { [ATTR.OUTCOME]: outcome })
      }
      for (const [code, value] of cell.parseErrors) {
        count(cell, parseErrors, value, `parse|${code}`, { [GEN_AI.ERROR_TYPE]: code })
      }
      for (const [key, { code, cause, count: value }] of cell.faults) {
        count(cell, faults, value, `fault|${key}`, { [GEN_AI.ERROR_TYPE]: code, [ATTR.CAUSE]: cause })
      }
      for (const [type, value] of cell.anomalies) {
        count(cell, anomalies, value, `anomaly|${type}`, { [ATTR.ANOMALY_TYPE]: type })
      }
    }
  }
  meter.addBatchObservableCallback(callback, instruments)
  return () => meter.removeBatchObservableCallback(callback, instruments)
}
