// How does the cost grow: with the streams that are open at the same time, with the models that are used, and with the
// metric readers?
//
// Streams go through the SDK, each chunk in a turn of the event loop of its own, beside a bare process; processor time. Models
// and readers matter to the metrics only, so only these are measured for them: what they take of the end of a stream, and a
// collection by a real MeterProvider. A line is that of the least relative deviation from the medians. Each sample checks its
// chunks, spans, and counts.
import { METRIC } from '@streamgauge/core/semconv'
import { MAX_CELLS } from '../src/telemetry/cells.ts'
import { compareParallel } from './harness/compare-parallel.ts'
import { printCurve } from './harness/curve.ts'
import { MeasuredCells, type Collection, type MeasuredCellsOptions } from './harness/measured-cells.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import { bareTwice, watched } from './subjects/subjects.ts'

const STREAMS = 1000
const PIECES = 40

console.log(`Streams at the same time, ${STREAMS} in all, of ${PIECES} pieces each:\n`)
const works = [1, 10, 100, 1000].map((parallel) => ({ parallel, streams: STREAMS, pieces: PIECES }))
const [bare] = bareTwice(7, 'esm')
const parallel = await compareParallel([bare, watched(7, 'esm')], works, 8, 3)
printTable(
  ['streams at once', 'bare, ns a chunk', 'added, ns', 'ratio'],
  parallel.map((one) => [
    String(one.parallel),
    formatSpread(one.bareNs, 0),
    formatSpread(one.addedNs, 0),
    formatSpread(one.ratio, 3),
  ]),
)
console.log()
printCurve({
  x: 'streams at once',
  y: 'added ns a chunk',
  points: parallel.map((one) => [one.parallel, one.addedNs] as const),
})

const ROUNDS = 40
const WARM_UP = 15

/** All of them take turns. */
async function collect(all: readonly Omit<MeasuredCellsOptions, 'maxCells'>[]): Promise<Collection[][]> {
  const measured = all.map((options) => new MeasuredCells({ maxCells: MAX_CELLS, ...options }))
  const samples = all.map((): Collection[] => [])
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const [index, one] of measured.entries()) {
      const sample = await one.collect()
      if (sample.points(METRIC.ENDED) !== one.streams) throw new Error('streams were lost')
      if (round >= WARM_UP) samples[index]?.push(sample)
    }
  }
  return samples
}

function print(x: string, y: string, xs: readonly number[], all: Collection[][], of: (one: Collection) => number) {
  printCurve({ x, y, points: all.map((samples, i) => [xs[i] ?? NaN, spreadOf(samples.map(of))] as const) })
}

console.log(
  `Models in use, of which ${MAX_CELLS} have a cell of their own; ${STREAMS} streams before each collection:\n`,
)
const models = [1, 3, 10, 30, 100, MAX_CELLS, 1000]
const ofModels = await collect(models.map((count) => ({ models: count, streams: STREAMS, readers: 1 })))
// Beyond their maximum there are no more cells: that point is on no line.
const beyond = ofModels.pop() ?? []
print('models', 'ns at the end of a stream', models, ofModels, ({ streamNs }) => streamNs)
print('models', 'ms a collection', models, ofModels, ({ wholeMs }) => wholeMs)
const ends = formatSpread(spreadOf(beyond.map(({ streamNs }) => streamNs)), 0)
const collections = formatSpread(spreadOf(beyond.map(({ wholeMs }) => wholeMs)), 2)
console.log(`With 1000 models: ${ends} ns and ${collections} ms.\n`)

console.log(`Readers, with 100 models; ${STREAMS} streams before each of them collects once:\n`)
const readers = [1, 2, 3]
const ofReaders = await collect(readers.map((count) => ({ models: 100, streams: STREAMS, readers: count })))
print('readers', 'ns at the end of a stream', readers, ofReaders, ({ streamNs }) => streamNs)
print('readers', 'ms for the first collection', readers, ofReaders, ({ wholeMs }) => wholeMs)
print('readers', 'ms for all collections', readers, ofReaders, ({ allMs }) => allMs)

console.log(`openai 7, ES module; ${describeMachine()}.`)
