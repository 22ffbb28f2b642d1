import { afterAll, beforeAll, describe, it } from '@jest/globals'
import type { FaultServer, SdkMajor } from '@streamgauge/fault-server'
import type { Answered } from './apps/middleboxes.ts'
import { askAll, expectFinding, idOf, questionOf, startAll } from './middleboxes/ask.ts'
import { MIDDLEBOXES } from './middleboxes/index.ts'
import { NEWEST, type Middlebox, type MiddleboxCase } from './middleboxes/middlebox.ts'
import { findProgram, type Running } from './middleboxes/start.ts'
import { startUpstream } from './middleboxes/upstream.ts'

// Real proxies between the fault server and the real SDKs: a healthy one gives no finding, a broken one the right name.
/** openai 4 and 5 have few questions. */
const ASKED_AT_ONCE: readonly (readonly SdkMajor[])[] = [[4, 5], [6], [7]]
const LIMIT_MS = 120_000

const installed = MIDDLEBOXES.filter(({ program }) => findProgram(program) !== undefined)
const missing = MIDDLEBOXES.filter((middlebox) => !installed.includes(middlebox))
const answers = new Map<SdkMajor, readonly Answered[]>()
const running: Running[] = []
let upstream: FaultServer

beforeAll(async () => {
  upstream = await startUpstream()
  running.push(...(await startAll(installed, upstream)))
  const ask = async (major: SdkMajor): Promise<readonly Answered[]> => {
    const questions = installed.flatMap((middlebox, index) =>
      majorsOf(middlebox).includes(major)
        ? middlebox.cases.map((testCase) => questionOf(middlebox, testCase, running[index] as Running, upstream))
        : [],
    )
    return askAll(major, questions)
  }
  for (const group of ASKED_AT_ONCE) {
    const found = await Promise.all(group.map(ask))
    for (const [index, major] of group.entries()) answers.set(major, found[index] ?? [])
  }
}, LIMIT_MS)

afterAll(async () => {
  await Promise.all(running.map(({ stop }) => stop()))
  await upstream.close()
}, LIMIT_MS)

function majorsOf({ majors = NEWEST }: Middlebox): readonly SdkMajor[] {
  return majors
}

for (const { program, install, isOptional } of missing) {
  const howToGet = `SKIP ${program}: ${install}`
  process.stdout.write(`${howToGet}\n`)
  // oxlint-disable-next-line jest/valid-title, jest/expect-expect -- the title says how to get it
  if (isOptional !== true) it.skip(howToGet, () => {})
}

describe.each(installed.map((middlebox) => [middlebox.name, middlebox] as const))('%s', (_, middlebox) => {
  const cases = majorsOf(middlebox).flatMap((major) =>
    middlebox.cases.map((testCase) => [`openai ${major}: ${testCase[0]}`, major, testCase] as const),
  )
  it.each<readonly [string, SdkMajor, MiddleboxCase]>(cases)('%s', (_name, major, testCase) => {
    const [, , , always, more] = testCase
    expectFinding(
      answers.get(major)?.find(({ id }) => id === idOf(middlebox, testCase)),
      more?.byMajor?.[major] ?? always,
    )
  })
})
