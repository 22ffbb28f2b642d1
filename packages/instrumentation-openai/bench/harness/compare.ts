import { startServer } from './socket-source.ts'
import { orderOf } from './order.ts'
import { startProcess, type SubjectProcess } from './subject-process.ts'
import { spreadOf, type Spread } from './statistics.ts'
import type { Subject } from './subject.ts'
import type { Sample, Work } from './worker.ts'

/** One subject against the bare SDK. */
export interface Comparison {
  readonly name: string
  /** Processor time for a unit of the work, in nanoseconds. */
  readonly ns: Spread
  /** Over the bare sample of the same round. */
  readonly ratio: Spread
  /** Nanoseconds a unit more than the bare sample of the same round. */
  readonly addedNs: Spread
}

export interface CompareOptions {
  readonly work: Work
  /** Units of the work in one sample: chunks, or streams. */
  readonly units: number
  /** Times that all processes are started anew: what the compiler made of one may differ from the next. */
  readonly generations: number
  /** Samples of each subject in a generation. */
  readonly rounds: number
  /** Rounds of a generation before those, that are not counted. */
  readonly warmUp?: number
}

/** The compiler needs some 100,000 chunks to come to rest. */
const WARM_UP = 24

/**
 * Compares subjects with the first one, which is bare, each in a process of its own: an SDK that is patched and unpatched in
 * one process is neither. All of them live at the same time, and take turns, in an order that changes. The second is bare as
 * well, and shows what the noise alone does.
 *
 * Nobody collects garbage on purpose in between: it would throw away what the compiler has learnt.
 */
export async function compare(subjects: readonly Subject[], options: CompareOptions): Promise<Comparison[]> {
  const samples = subjects.map((): number[] => [])
  const server = options.work.source === 'socket' ? await startServer() : undefined
  const work = server === undefined ? options.work : { ...options.work, serverUrl: server.url }
  try {
    for (let generation = 0; generation < options.generations; generation++) {
      await runGeneration(subjects, { ...options, work }, samples)
    }
  } finally {
    server?.stop()
  }
  const bare = samples[0] ?? []
  return subjects.map(({ name }, index) => {
    const own = samples[index] ?? []
    return {
      name,
      ns: spreadOf(own),
      ratio: spreadOf(own.map((ns, i) => ns / (bare[i] ?? NaN))),
      addedNs: spreadOf(own.map((ns, i) => ns - (bare[i] ?? NaN))),
    }
  })
}

/** Adds a sample of each subject for each round. */
async function runGeneration(
  subjects: readonly Subject[],
  options: CompareOptions,
  samples: readonly number[][],
): Promise<void> {
  const { rounds, warmUp = WARM_UP } = options
  const processes = await Promise.all(subjects.map((subject) => startProcess<Work, Sample>(subject, 'worker.ts')))
  try {
    for (let round = 0; round < rounds + warmUp; round++) {
      for (const [index, process] of orderOf(round, processes.entries())) {
        const ns = await measure(process, options)
        if (round >= warmUp) samples[index]?.push(ns)
      }
    }
  } finally {
    for (const process of processes) process.stop()
  }
}

async function measure(process: SubjectProcess<Work, Sample>, { work, units }: CompareOptions): Promise<number> {
  const { subject } = process
  const { cpuNs, spans } = await process.run(work)
  // What does not watch is cheap: each stream has its span, and chunk spans come on top.
  if (subject.isWatched === true ? spans < work.streams : spans !== 0) {
    throw new Error(`${subject.name} ended ${spans} spans for ${work.streams} streams`)
  }
  return cpuNs / units
}
