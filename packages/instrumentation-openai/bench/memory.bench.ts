// How much memory does an open stream take that is watched, beyond one that is not; and does it grow with the stream?
//
// Each process opens streams, reads some chunks of each, and waits for more; garbage is collected before memory is looked at.
// A span by itself is what OpenTelemetry takes for it, whoever makes it.
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import { startProcess } from './harness/subject-process.ts'
import type { Held, Hold } from './harness/hold-worker.ts'
import type { Subject } from './harness/subject.ts'
import { bareTwice, spanOnly, watched } from './subjects/subjects.ts'

const GENERATIONS = 2
const HOLDS: readonly Hold[] = [
  { streams: 1000, chunks: 1 },
  { streams: 1000, chunks: 10 },
  { streams: 1000, chunks: 100 },
  { streams: 20, chunks: 20_000 },
]

const [bare] = bareTwice(7, 'esm')
const subjects = [bare, spanOnly(7, 'esm'), watched(7, 'esm')] as const

async function bytesOf(subject: Subject, hold: Hold): Promise<number> {
  const child = await startProcess<Hold, Held>(subject, 'hold-worker.ts')
  const { bytes } = await child.run(hold)
  child.stop()
  return bytes
}

const rows: string[][] = []
for (const hold of HOLDS) {
  const samples = subjects.map((): number[] => [])
  for (let generation = 0; generation < GENERATIONS; generation++) {
    for (const [index, subject] of subjects.entries()) samples[index]?.push(await bytesOf(subject, hold))
  }
  const [without = [], ofSpan = [], own = []] = samples
  const beyond = (bytes: readonly number[]): string =>
    formatSpread(spreadOf(bytes.map((value, i) => value - (without[i] ?? NaN))), 0)
  rows.push([
    String(hold.streams),
    String(hold.chunks),
    formatSpread(spreadOf(without), 0),
    beyond(ofSpan),
    beyond(own),
  ])
}
printTable(['streams', 'chunks read of each', 'bare, B a stream', 'a span alone adds, B', 'streamgauge adds, B'], rows)
console.log(`\nopenai 7, ES module, ${GENERATIONS} generations; ${describeMachine()}.`)
