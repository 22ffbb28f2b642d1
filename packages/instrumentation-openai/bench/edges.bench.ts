// What does watching add to the edges of a stream: to the time to its first chunk, and to its end, where the span is ended
// and histograms and counters are written?
//
// Wall time, of answers that are there when they are asked for; the median over the streams of a sample, so that what the
// machine does in between does not count. Each sample checks its chunks and its spans.
import type { Edges, EdgesSample } from './harness/edges-worker.ts'
import { orderOf } from './harness/order.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import { startProcess } from './harness/subject-process.ts'
import { bareTwice, MAJORS, watched } from './subjects/subjects.ts'

const GENERATIONS = 3
const ROUNDS = 15
const WARM_UP = 10
const EDGES: Edges = { streams: 300, pieces: 20 }

const rows: string[][] = []
for (const major of MAJORS) {
  const subjects = [...bareTwice(major, 'esm'), watched(major, 'esm')]
  const samples = subjects.map((): EdgesSample[] => [])
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const processes = await Promise.all(
      subjects.map((subject) => startProcess<Edges, EdgesSample>(subject, 'edges-worker.ts')),
    )
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const [index, process] of orderOf(round, processes.entries())) {
        const sample = await process.run(EDGES)
        const expected = process.subject.isWatched === true ? EDGES.streams : 0
        if (sample.spans !== expected) throw new Error(`${sample.spans} spans instead of ${expected}`)
        if (round >= WARM_UP) samples[index]?.push(sample)
      }
    }
    for (const process of processes) process.stop()
  }
  const [bare = [], control = [], own = []] = samples
  const more = (of: readonly EdgesSample[], read: (sample: EdgesSample) => number): string =>
    formatSpread(spreadOf(of.map((sample, i) => (read(sample) - read(bare[i] ?? sample)) / 1000)), 1)
  const first = ({ firstChunkNs }: EdgesSample): number => firstChunkNs
  const end = ({ endNs }: EdgesSample): number => endNs
  rows.push([
    `openai ${major}`,
    formatSpread(spreadOf(bare.map((sample) => first(sample) / 1000)), 1),
    more(own, first),
    more(control, first),
    more(own, end),
    more(control, end),
  ])
}
printTable(
  [
    'SDK',
    'bare first chunk, µs',
    'first chunk later by, µs',
    'bare against bare',
    'end later by, µs',
    'bare against bare',
  ],
  rows,
)
console.log(`\n${EDGES.pieces} pieces a stream, ES module; ${describeMachine()}.`)
