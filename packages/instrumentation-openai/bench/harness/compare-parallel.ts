import type { ParallelSample, ParallelWork } from './parallel-worker.ts'
import { startProcess, type SubjectProcess } from './subject-process.ts'
import { spreadOf, type Spread } from './statistics.ts'
import type { Subject } from './subject.ts'

/** What a chunk takes where so many streams are read at the same time. */
export interface Parallel {
  readonly parallel: number
  readonly bareNs: Spread
  readonly addedNs: Spread
  readonly ratio: Spread
}

/** Compares a subject with a bare one: both live at the same time, and take turns for each number of streams. */
export async function compareParallel(
  [bare, own]: readonly [bare: Subject, own: Subject],
  works: readonly ParallelWork[],
  rounds: number,
  warmUp: number,
): Promise<Parallel[]> {
  const start = (subject: Subject) => startProcess<ParallelWork, ParallelSample>(subject, 'parallel-worker.ts')
  const processes = await Promise.all([start(bare), start(own)])
  const samples = works.map((): { bare: number; own: number }[] => [])
  for (let round = 0; round < rounds + warmUp; round++) {
    for (const [index, work] of works.entries()) {
      const [first, second] = round % 2 === 0 ? processes : processes.toReversed()
      const ns = new Map<Subject, number>()
      for (const process of [first, second]) {
        if (process !== undefined) ns.set(process.subject, await measure(process, work))
      }
      if (round >= warmUp) samples[index]?.push({ bare: ns.get(bare) ?? NaN, own: ns.get(own) ?? NaN })
    }
  }
  for (const process of processes) process.stop()
  return works.map(({ parallel }, index) => {
    const all = samples[index] ?? []
    return {
      parallel,
      bareNs: spreadOf(all.map((sample) => sample.bare)),
      addedNs: spreadOf(all.map((sample) => sample.own - sample.bare)),
      ratio: spreadOf(all.map((sample) => sample.own / sample.bare)),
    }
  })
}

async function measure(process: SubjectProcess<ParallelWork, ParallelSample>, work: ParallelWork): Promise<number> {
  const { cpuNs, spans } = await process.run(work)
  const { name, isWatched } = process.subject
  if (spans !== (isWatched === true ? work.streams : 0)) {
    throw new Error(`${name} ended ${spans} spans for ${work.streams} streams`)
  }
  return cpuNs
}
