import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { FaultServer, SdkMajor } from '@streamgauge/fault-server'
import type { Answered, Question } from './apps/middleboxes.ts'
import { MIDDLEBOXES } from './middleboxes/index.ts'
import { NEWEST, type Finding, type Middlebox, type MiddleboxCase } from './middleboxes/middlebox.ts'
import { findProgram, startMiddlebox, type Running } from './middleboxes/start.ts'
import { startUpstream } from './middleboxes/upstream.ts'
import { runApp } from './run-app.ts'

// Real proxies between the fault server and the real SDKs: a healthy one gives no finding, a broken one the right name.
/** openai 4 and 5 have few questions. */
const ASKED_AT_ONCE: readonly (readonly SdkMajor[])[] = [[4, 5], [6], [7]]
const LIMIT_MS = 120_000
/** What a proxy's buffers do to a stream. */
const HELD_BACK: ReadonlySet<string> = new Set(['buffered', 'coalesced'])

const installed = MIDDLEBOXES.filter(({ program }) => findProgram(program) !== undefined)
const missing = MIDDLEBOXES.filter((middlebox) => !installed.includes(middlebox))
const answers = new Map<SdkMajor, readonly Answered[]>()
const running: Running[] = []
let upstream: FaultServer

beforeAll(async () => {
  upstream = await startUpstream()
  const starts = await Promise.allSettled(installed.map((middlebox) => startMiddlebox(middlebox, upstream.port)))
  running.push(...starts.filter((start) => start.status === 'fulfilled').map(({ value }) => value))
  const failure = starts.find((start) => start.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  const ask = async (major: SdkMajor): Promise<readonly Answered[]> => {
    const questions = installed.flatMap((middlebox, index) =>
      majorsOf(middlebox).includes(major)
        ? middlebox.cases.map((testCase) => questionOf(middlebox, testCase, running[index] as Running))
        : [],
    )
    const { stdout, stderr, exitCode } = await runApp('middleboxes.ts', [`${major}`, JSON.stringify(questions)])
    // openai 4 prints what it cannot read by itself.
    expect({ exitCode, stderr: major === 4 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
    return JSON.parse(stdout) as Answered[]
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

function idOf(middlebox: Middlebox, [claim]: MiddleboxCase): string {
  return `${middlebox.name}: ${claim}`
}

function questionOf(middlebox: Middlebox, testCase: MiddleboxCase, { place }: Running): Question {
  const { forward } = middlebox
  const [, route, asked, , { promptBytes = 10, times = 1 } = {}] = testCase
  const url = `http://127.0.0.1:${place.port(route)}`
  return {
    id: idOf(middlebox, testCase),
    baseURL: forward === undefined ? `${url}/v1` : upstream.baseURL,
    upstream: asked,
    promptBytes,
    times,
    proxy: forward === undefined ? undefined : { url, tunnels: forward === 'connect' },
  }
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
    const answered = answers.get(major)?.find(({ id }) => id === idOf(middlebox, testCase))
    const attributes = answered?.attributes ?? {}
    const [, , , always, more] = testCase
    const expected: Finding = more?.byMajor?.[major] ?? always
    expect({
      outcome: attributes[ATTR.OUTCOME],
      code: attributes[GEN_AI.ERROR_TYPE],
      anomalies: ((attributes[ATTR.ANOMALIES] ?? []) as string[]).toSorted(),
    }).toEqual({
      outcome: expected.code === undefined ? 'completed' : 'broken',
      code: expected.code,
      anomalies: [...(expected.anomalies ?? [])].toSorted(),
    })
    expect(expected.causes ?? [undefined]).toContain(attributes[ATTR.CAUSE])
    const heldBack = answered?.events.filter((event) => HELD_BACK.has(String(event[ATTR.ANOMALY_TYPE]))) ?? []
    expect(heldBack.map((event) => [event[ATTR.CAUSE], event[ATTR.CAUSE_CONFIDENCE]])).toEqual(
      expected.heldBack === undefined ? [] : [['proxy_buffering', expected.heldBack]],
    )
  })
})
