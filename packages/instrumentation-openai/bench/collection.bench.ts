// What does one collection of the metrics cost, with few cells, with many, and when more models were used than have a cell
// of their own? How much of that is ours, and how much the OpenTelemetry SDK's?
//
// A real MeterProvider, with readers that hand on to nobody; all instruments are there, histograms too. `streams` says how
// many have ended since the collection before, each of another model; one in ten broke. `callback` is our callback within the
// collection, with what the SDK does while it is told; `ours` is the same callback on a meter that does nothing. Each sample
// checks that nothing was lost.
//
// The SDK keeps 2000 series of an instrument, so there are 380 cells and the shared one. What a thousand take is measured
// with readers that were told to keep more, which only the application can do.
import { METRIC } from '@streamgauge/core/semconv'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import { MeasuredCells, type Collection } from './harness/measured-cells.ts'
import { MAX_CELLS } from '../src/telemetry/cells.ts'

const ROUNDS = 40
/** Until the compiler has come to rest; in the first ones, all models are seen. */
const WARM_UP = 20
const RAISED_LIMIT = 100_000

const CASES = [
  { name: '1', models: 1, streams: 1 },
  { name: '100', models: 100, streams: 100 },
  { name: `${MAX_CELLS}`, models: MAX_CELLS, streams: MAX_CELLS },
  { name: `${MAX_CELLS} and the shared one`, models: 1000, streams: 1000 },
  { name: `${MAX_CELLS} and the shared one`, models: 1000, streams: 100 },
  { name: '1000, limit raised', models: 1000, streams: 1000, maxCells: 1000, seriesLimit: RAISED_LIMIT },
  { name: '1000, limit raised', models: 1000, streams: 100, maxCells: 1000, seriesLimit: RAISED_LIMIT },
]

const rows: string[][] = []
for (const readers of [1, 2]) {
  const all = CASES.map((options) => ({
    options,
    measured: new MeasuredCells({ maxCells: MAX_CELLS, readers, ...options }),
    samples: [] as Collection[],
  }))
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const { measured, samples } of round % 2 === 0 ? all : all.toReversed()) {
      const sample = await measured.collect()
      if (sample.points(METRIC.ENDED) !== measured.streams) throw new Error('streams were lost')
      if (round >= WARM_UP) samples.push(sample)
    }
  }
  for (const { options, samples } of all) {
    const spread = (of: (sample: Collection) => number): string => formatSpread(spreadOf(samples.map(of)), 2)
    rows.push([
      options.name,
      `${options.streams}`,
      `${readers}`,
      `${samples[0]?.series}`,
      spread(({ wholeMs }) => wholeMs),
      spread(({ callbackMs }) => callbackMs),
      spread(({ oursMs }) => oursMs),
    ])
  }
}
printTable(['cells', 'streams', 'readers', 'series', 'collection, ms', 'callback, ms', 'ours, ms'], rows)
console.log(`\n${ROUNDS} collections of one reader each; ${describeMachine()}.`)
