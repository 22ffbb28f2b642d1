import { Cells } from '../../src/telemetry/cells.ts'
import { Histograms } from '../../src/telemetry/histograms.ts'
import { observeCells } from '../../src/telemetry/observe-cells.ts'
import { countStreams } from './fill-cells.ts'
import { deafMeter, realMeter, type RealMeter } from './meter.ts'

/** What one collection took, and the ends of the streams before it. */
export interface Collection {
  /** What the metrics take of the end of a stream, on the average. */
  readonly streamNs: number
  readonly wholeMs: number
  /** The collections of all readers, one after the other. */
  readonly allMs: number
  /** Our callback, and what the SDK does while it is told. */
  readonly callbackMs: number
  /** Our callback, with nobody to tell. */
  readonly oursMs: number
  /** Series that were collected, of all instruments. */
  readonly series: number
  /** The sum over all points of a counter. */
  points(name: string): number
}

export interface MeasuredCellsOptions {
  /** Models that are used in turn. */
  readonly models: number
  /** Streams that end before each collection. */
  readonly streams: number
  readonly maxCells: number
  readonly readers: number
  /** Series of an instrument that readers keep; the SDK's own limit where there is none. */
  readonly seriesLimit?: number
}

/** Cells that a real meter reads, and the like that a deaf one does. */
export class MeasuredCells {
  readonly #options: MeasuredCellsOptions
  readonly #cells: Cells
  readonly #real: RealMeter
  readonly #histograms: Histograms
  readonly #ownCells: Cells
  readonly #deaf = deafMeter()
  readonly #deafHistograms = new Histograms(this.#deaf.meter, 'latest')
  #rounds = 0
  #streams = 0

  constructor(options: MeasuredCellsOptions) {
    this.#options = options
    this.#cells = new Cells(options.maxCells)
    this.#ownCells = new Cells(options.maxCells)
    this.#real = realMeter(options.readers, options.seriesLimit)
    this.#histograms = new Histograms(this.#real.meter, 'latest')
    observeCells(this.#real.meter, this.#cells, () => [])
    observeCells(this.#deaf.meter, this.#ownCells, () => [])
  }

  /** Streams that have ended so far. */
  get streams(): number {
    return this.#streams
  }

  /** Ends streams, and has the first reader collect; then the others. */
  async collect(): Promise<Collection> {
    const streamNs = this.#endStreams()
    const { readers } = this.#real
    const [first, ...others] = readers
    if (first === undefined) throw new Error('no reader')
    const callbackBefore = this.#real.callbackMs()
    const startMs = performance.now()
    const { resourceMetrics } = await first.collect()
    const wholeMs = performance.now() - startMs
    const inCallbackMs = this.#real.callbackMs() - callbackBefore
    for (const reader of others) await reader.collect()
    const allMs = performance.now() - startMs
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
    return {
      streamNs,
      wholeMs,
      allMs,
      callbackMs: inCallbackMs,
      oursMs: this.#collectDeaf(),
      series: metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0),
      points: (name) =>
        metrics
          .filter(({ descriptor }) => descriptor.name === name)
          .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => Number(value)))
          .reduce((sum, value) => sum + value, 0),
    }
  }

  #collectDeaf(): number {
    const startMs = performance.now()
    this.#deaf.collect()
    return performance.now() - startMs
  }

  /** First one stream of each model, so that from then on all of them have their cells. */
  #endStreams(): number {
    const { models, streams } = this.#options
    const count = this.#rounds === 0 ? models : streams
    const startMs = performance.now()
    countStreams(this.#cells, this.#histograms, models, count, this.#rounds)
    const tookMs = performance.now() - startMs
    countStreams(this.#ownCells, this.#deafHistograms, models, count, this.#rounds)
    this.#rounds++
    this.#streams += count
    return (tookMs * 1e6) / count
  }
}
