// A part of `pnpm check`: fails where watching a chunk has become dearer than it was meant to be.
//
// What is allocated for each chunk is the same on every machine, busy or not, and so has a narrow limit. The processor's time
// is not, and has one that only a blunder comes up to. Figures to quote come from the benches.
import { chunksOf } from './harness/answers.ts'
import type { Allocated, AllocationWork } from './harness/allocation-worker.ts'
import { compare } from './harness/compare.ts'
import { spreadOf } from './harness/statistics.ts'
import { startProcess } from './harness/subject-process.ts'
import type { Subject } from './harness/subject.ts'
import { bareTwice, MAJORS, watched } from './subjects/subjects.ts'

/** Most bytes of heap that a chunk may take beyond the bare SDK; 580 to 640 when this was written, by what was inlined. */
const MAX_BYTES_PER_CHUNK = 750
/** Most processor time for a chunk over that of the bare SDK; 1.1 to 1.2 when this was written. */
const MAX_RATIO = 1.5

const ALLOCATION: AllocationWork = { streams: 5, pieces: 2000 }
const SAMPLES = 4
const WARM_UP = 5
/** In MiB: no collection comes in between. */
const YOUNG_GENERATION = '256'

const problems: string[] = []

for (const major of MAJORS) {
  const added = (await allocatedPerChunk(watched(major, 'esm'))) - (await allocatedPerChunk(bareTwice(major, 'esm')[0]))
  console.log(`openai ${major}: ${added.toFixed(0)} B of heap a chunk beyond the bare SDK`)
  if (added > MAX_BYTES_PER_CHUNK) {
    problems.push(
      `openai ${major}: watching allocates ${added.toFixed(0)} B a chunk; ${MAX_BYTES_PER_CHUNK} are allowed`,
    )
  }
}

const answer = { pieces: 1000 }
const [, , own] = await compare([...bareTwice(7, 'esm'), watched(7, 'esm')], {
  work: { source: 'queued', streams: 4, ...answer },
  units: 4 * chunksOf(answer),
  generations: 1,
  rounds: 15,
})
const ratio = own?.ratio.median ?? NaN
console.log(`openai 7: ${ratio.toFixed(2)} of the processor time of the bare SDK`)
// A figure that is none fails as well.
if (!(ratio <= MAX_RATIO)) {
  problems.push(`openai 7: watching takes ${ratio.toFixed(2)} of the bare SDK's time; ${MAX_RATIO} is allowed`)
}

for (const problem of problems) console.error(`${problem}. See bench/ for where it goes.`)
process.exitCode = problems.length === 0 ? 0 : 1

async function allocatedPerChunk(subject: Subject): Promise<number> {
  const sizes = [`--min-semi-space-size=${YOUNG_GENERATION}`, `--max-semi-space-size=${YOUNG_GENERATION}`]
  const roomy = { ...subject, nodeOptions: [...(subject.nodeOptions ?? []), ...sizes] }
  const child = await startProcess<AllocationWork, Allocated>(roomy, 'allocation-worker.ts')
  const samples: number[] = []
  for (let i = 0; i < WARM_UP + SAMPLES; i++) {
    const { bytes } = await child.run(ALLOCATION)
    if (i >= WARM_UP) samples.push(bytes / (ALLOCATION.streams * chunksOf(ALLOCATION)))
  }
  child.stop()
  return spreadOf(samples).median
}
