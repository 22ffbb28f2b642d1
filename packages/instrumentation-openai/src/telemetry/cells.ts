import type { Attributes } from '@opentelemetry/api'
import { CHUNK_KINDS, describeFault, FAULT_CODES, OUTCOMES } from '@streamgauge/core'
import type { AnomalyType, ChunkKind, Outcome, StreamReport } from '@streamgauge/core'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import type { RequestFacts } from '../request/request-facts.ts'
import type { CellMetric, Series } from './series.ts'

/**
 * The counters of all streams that share their attributes: plain numbers, so that counting costs a few nanoseconds. They
 * live as long as the process, since dropping one would reset its series.
 */
export interface Cell {
  readonly attributes: Attributes
  readonly chunks: Record<ChunkKind, number>
  reads: number
  bytes: number
  active: number
  readonly ended: Record<Outcome, number>
  /** By `error.type`. Those of the class `parse` start at 0, so that the first one shows as an increase. */
  readonly parseErrors: Map<string, Count>
  /** By `error.type` and cause. */
  readonly faults: Map<string, Count>
  readonly anomalies: Map<AnomalyType, Count>
  /** All of these numbers but `active`. There are more with each kind of fault, parse error and anomaly that is found. */
  readonly series: Series[]
}

/** How often something was found. */
interface Count {
  count: number
}

/**
 * Most attribute sets told apart; what comes after shares one more. The SDK keeps 2000 series of an instrument, and adds up
 * what is beyond without saying what it was: with five outcomes a set, 380 sets and the shared one stay below.
 */
export const MAX_CELLS = 380

/** Most pairs of fault and cause told apart over all sets, for the same reason; further ones are counted as `_OTHER`. */
export const MAX_FAULT_SERIES = 1500

/** What stands for the attributes of streams beyond `MAX_CELLS`. */
const OTHER = '_OTHER'

const PARSE_CODES: readonly string[] = FAULT_CODES.filter(
  (code) => describeFault(code)?.class === 'parse' && code !== 'empty_stream',
)

/** All cells of one instrumentation. */
export class Cells {
  readonly #cells = new Map<string, Cell>()
  readonly #maxCells: number
  #faultSeries = 0

  constructor(maxCells: number = MAX_CELLS) {
    this.#maxCells = maxCells
  }

  values(): Iterable<Cell> {
    return this.#cells.values()
  }

  /** The cell of a request; made where it is the first of its kind. */
  of(request: RequestFacts): Cell {
    const { operation, provider, model, host } = request
    const key = `${operation}|${provider}|${host}|${model}`
    const found = this.#cells.get(key)
    if (found !== undefined) return found
    if (this.#cells.size < this.#maxCells) return this.#add(key, operation, provider, host, model)
    return this.#cells.get(OTHER) ?? this.#add(OTHER, OTHER, OTHER, OTHER, OTHER)
  }

  /** Counts what is known only at a stream's end. */
  countEnd(cell: Cell, report: StreamReport): void {
    cell.ended[report.outcome]++
    for (const { type } of report.anomalies) anomalyCount(cell, type).count++
    const { fault } = report
    if (fault === undefined) return
    this.#countFault(cell, fault.code, fault.cause)
    if (report.parseErrors > 0) parseErrorCount(cell, fault.code).count += report.parseErrors
  }

  #countFault(cell: Cell, code: string, cause: string): void {
    const key = `${code}|${cause}`
    const found = cell.faults.get(key)
    if (found !== undefined) found.count++
    else if (this.#faultSeries < MAX_FAULT_SERIES || code === OTHER) {
      this.#faultSeries++
      const own = { [GEN_AI.ERROR_TYPE]: code, [ATTR.CAUSE]: cause }
      countOf(cell, cell.faults, key, METRIC.FAULTS, own).count++
    } else this.#countFault(cell, OTHER, 'unknown')
  }

  #add(key: string, operation: string, provider: string, host: string, model: string): Cell {
    const cell: Cell = {
      attributes: {
        [GEN_AI.OPERATION_NAME]: operation,
        [GEN_AI.PROVIDER_NAME]: provider,
        ...(model === '' ? {} : { [GEN_AI.REQUEST_MODEL]: model }),
        ...(host === '' ? {} : { [GEN_AI.SERVER_ADDRESS]: host }),
      },
      chunks: zeros(CHUNK_KINDS),
      reads: 0,
      bytes: 0,
      active: 0,
      ended: zeros(OUTCOMES),
      parseErrors: new Map(),
      faults: new Map(),
      anomalies: new Map(),
      series: [],
    }
    addSeries(cell, METRIC.READS, {}, () => cell.reads)
    addSeries(cell, METRIC.IO, {}, () => cell.bytes)
    for (const kind of CHUNK_KINDS) addSeries(cell, METRIC.CHUNKS, { [ATTR.CHUNK_KIND]: kind }, () => cell.chunks[kind])
    for (const outcome of OUTCOMES) {
      addSeries(cell, METRIC.ENDED, { [ATTR.OUTCOME]: outcome }, () => cell.ended[outcome])
    }
    for (const code of PARSE_CODES) parseErrorCount(cell, code)
    this.#cells.set(key, cell)
    return cell
  }
}

function parseErrorCount(cell: Cell, code: string): Count {
  return countOf(cell, cell.parseErrors, code, METRIC.PARSE_ERRORS, { [GEN_AI.ERROR_TYPE]: code })
}

function anomalyCount(cell: Cell, type: AnomalyType): Count {
  return countOf(cell, cell.anomalies, type, METRIC.ANOMALIES, { [ATTR.ANOMALY_TYPE]: type })
}

/** What is found for the first time has a series from then on. */
function countOf<K>(cell: Cell, counts: Map<K, Count>, key: K, metric: CellMetric, own: Attributes): Count {
  const found = counts.get(key)
  if (found !== undefined) return found
  const count = { count: 0 }
  counts.set(key, count)
  addSeries(cell, metric, own, () => count.count)
  return count
}

function addSeries(cell: Cell, metric: CellMetric, own: Attributes, read: () => number): void {
  cell.series.push({ metric, attributes: { ...cell.attributes, ...own }, read, told: undefined })
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>
}
