// What does each way of reading cost per chunk, over the bare SDK in the same run?
//
// An in-process fetch gives one event per read. `queued` has each there when it is asked for, so that the SDK's own work is all
// there is beside ours, and the ratio at its worst; `turns` gives each a turn of the event loop, as a network does. Each subject
// has a process of its own, and they take turns, in an order that changes; the second one is bare as well, and shows what the
// noise alone does. Processor time, not wall time. Each sample checks its chunks.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Source } from './harness/answer.ts'
import type { Work } from './harness/reader-worker.ts'
import { describeMachine, printTable } from './harness/report.ts'
import { formatSpread, spreadOf } from './harness/statistics.ts'
import type { SubjectName } from './harness/subjects.ts'

const STREAMS = 4
const CHUNKS = 1000
const ROUNDS = 20
/** The compiler needs some 100,000 chunks to come to rest. */
const WARM_UP = 24
const SUBJECTS: readonly SubjectName[] = ['bare', 'bare', 'recoverStream', 'requireComplete', 'reassemble']

async function start(subject: SubjectName): Promise<ChildProcess> {
  const execArgv = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
  const child = fork(join(import.meta.dirname, 'harness/reader-worker.ts'), [subject], { execArgv })
  // A sample that fails ends its process, which has said why.
  child.once('exit', (code) => {
    if (code !== null) process.exit(1)
  })
  await once(child, 'message')
  return child
}

/** Nanoseconds for a chunk. */
async function measure(child: ChildProcess, work: Work): Promise<number> {
  child.send(work)
  const [cpuNs] = (await once(child, 'message')) as [number]
  return cpuNs / (work.streams * work.chunks)
}

/** In turn, each comes first, and behind every other one: who always comes behind the same finds the machine as that leaves it. */
function orderOf(round: number): number[] {
  const rotated = SUBJECTS.map((_, at) => (at + (round >> 1)) % SUBJECTS.length)
  return round % 2 === 0 ? rotated : rotated.toReversed()
}

async function compare(source: Source): Promise<string[][]> {
  const children = await Promise.all(SUBJECTS.map(start))
  const samples = SUBJECTS.map((): number[] => [])
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const at of orderOf(round)) {
      const ns = await measure(children[at] as ChildProcess, { source, streams: STREAMS, chunks: CHUNKS })
      if (round >= WARM_UP) samples[at]?.push(ns)
    }
  }
  for (const child of children) child.kill()
  const bare = samples[0] ?? []
  return samples.map((own, at) => [
    source,
    SUBJECTS[at] ?? '',
    formatSpread(spreadOf(own), 0),
    formatSpread(spreadOf(own.map((ns, i) => ns - (bare[i] ?? NaN))), 0),
    formatSpread(spreadOf(own.map((ns, i) => ns / (bare[i] ?? NaN))), 3),
  ])
}

const rows: string[][] = []
for (const source of ['queued', 'turns'] as const) rows.push(...(await compare(source)))
printTable(['source', 'read by', 'ns a chunk', 'added, ns', 'ratio'], rows)
console.log(`\nopenai 7, ${CHUNKS} chunks a stream, its begin and end included; ${describeMachine()}.`)
