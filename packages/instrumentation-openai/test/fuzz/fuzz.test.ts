// Random bodies and random consumers, with the real SDKs, each case once without us and once with us, in processes of their
// own: the application must see the same, and what is told must fit.
//
//   STREAMGAUGE_FUZZ_RUNS=50    50 times as many cases
//   STREAMGAUGE_FUZZ_SEED=…     the cases of this seed; each run prints its own
//   STREAMGAUGE_FUZZ_PATH=…     only the case at this path, as a failure prints it
import { afterAll, beforeAll, describe, it } from '@jest/globals'
import type { FuzzCase, FuzzResult } from '../apps/fuzz-consumer.ts'
import { startApp, type AppProcess } from './app-process.ts'
import { fuzzCase } from './fuzz-cases.ts'
import { judgeTold } from './judge-told.ts'
import { assertFuzz, type Difference } from './run-fuzz.ts'

const RUNS = 250
const LIMIT_MS = 120_000 * Math.max(1, Number(process.env['STREAMGAUGE_FUZZ_RUNS'] ?? 1))

describe.each([4, 5, 6, 7])('openai %i', (major) => {
  let bare: AppProcess
  let watched: AppProcess

  beforeAll(async () => {
    ;[bare, watched] = await Promise.all([startApp(major, 'bare'), startApp(major, 'watched')])
  })
  afterAll(async () => {
    await Promise.all([bare.stop(), watched.stop()])
  })

  it(
    'lets any consumer of any body see what it sees without us, and tells what happened',
    () =>
      assertFuzz(
        `consumers of openai ${major}`,
        RUNS,
        fuzzCase,
        async (one) => {
          const [without, withUs] = await Promise.all([bare.play(one), watched.play(one)])
          return [...compareSeen(without.seen, withUs.seen), ...judgeTold(one, withUs)]
        },
        show,
      ),
    LIMIT_MS,
  )
})

function compareSeen(without: FuzzResult['seen'], withUs: FuzzResult['seen']): Difference {
  return (Object.keys(without) as (keyof typeof without)[])
    .filter((key) => JSON.stringify(without[key]) !== JSON.stringify(withUs[key]))
    .map((key) => [`seen: ${key}`, without[key], withUs[key]])
}

function show({ api, body, program }: FuzzCase): string[] {
  const { reads, ...rest } = body
  return [
    `${api}, reads:`,
    ...reads.map((piece) => `  ${JSON.stringify(Buffer.from(piece, 'base64').toString())}`),
    `body: ${JSON.stringify(rest)}`,
    `program: ${program.via}, ${program.drains ? 'then to the end' : 'then no more'}`,
    ...program.steps.map((step) => `  ${JSON.stringify(step)}`),
  ]
}
