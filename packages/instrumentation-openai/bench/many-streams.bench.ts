// What do 10,000 streams at once cost that are all watched: in memory, and in delay of the event loop?
//
// All are open; every few milliseconds a hundred of them get a chunk, as from so many models at work. Bare twice shows what
// the noise alone does. Each sample checks that all chunks came, and that each stream ended with its span.
import { orderOf } from './harness/order.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import { startProcess } from './harness/subject-process.ts'
import type { Crowd, CrowdSample } from './harness/many-worker.ts'
import { bareTwice, watched } from './subjects/subjects.ts'

const GENERATIONS = 3
const CROWD: Crowd = { streams: 10_000, fedAtOnce: 100, turns: 400, turnMs: 5 }

const subjects = [...bareTwice(7, 'esm'), watched(7, 'esm')]
const samples = subjects.map((): CrowdSample[] => [])
for (let generation = 0; generation < GENERATIONS; generation++) {
  for (const [index, subject] of orderOf(generation, subjects.entries())) {
    const child = await startProcess<Crowd, CrowdSample>(subject, 'many-worker.ts')
    const sample = await child.run(CROWD)
    child.stop()
    const expected = subject.isWatched === true ? CROWD.streams : 0
    if (sample.spans !== expected) throw new Error(`${subject.name} ended ${sample.spans} spans of ${expected}`)
    samples[index]?.push(sample)
  }
}

const bare = samples[0] ?? []
const MEBIBYTE = 1_048_576
const rows = subjects.map(({ name }, index) => {
  const own = samples[index] ?? []
  const beyond = (of: (sample: CrowdSample) => number): number[] =>
    own.map((sample, i) => of(sample) - of(bare[i] ?? sample))
  return [
    name,
    formatSpread(spreadOf(beyond((sample) => (sample.bytesPerStream * CROWD.streams) / MEBIBYTE)), 1),
    formatSpread(spreadOf(own.map((sample) => sample.delayP50Ms)), 2),
    formatSpread(spreadOf(own.map((sample) => sample.delayP99Ms)), 2),
    formatSpread(spreadOf(own.map((sample, i) => sample.delayP99Ms / (bare[i]?.delayP99Ms ?? NaN))), 3),
    formatSpread(spreadOf(own.map((sample) => sample.cpuNsPerChunk)), 0),
  ]
})
printTable(
  ['', 'memory beyond bare, MiB', 'delay p50, ms', 'delay p99, ms', 'p99 over bare', 'processor, ns a chunk'],
  rows,
)
console.log(
  `\nopenai 7, ${CROWD.streams} streams, ${CROWD.fedAtOnce} chunks every ${CROWD.turnMs} ms, ` +
    `${GENERATIONS} generations; ${describeMachine()}.`,
)
