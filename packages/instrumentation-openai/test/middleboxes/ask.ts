import { expect } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { FaultServer, SdkMajor } from '@streamgauge/fault-server'
import type { Answered, Question } from '../apps/middleboxes.ts'
import { runApp } from '../run-app.ts'
import type { Finding, Middlebox, MiddleboxCase } from './middlebox.ts'
import { startMiddlebox, type Running } from './start.ts'

/** Starts them all, or none. */
export async function startAll(middleboxes: readonly Middlebox[], upstream: FaultServer): Promise<Running[]> {
  const starts = await Promise.allSettled(middleboxes.map((middlebox) => startMiddlebox(middlebox, upstream.port)))
  const running = starts.filter((start) => start.status === 'fulfilled').map(({ value }) => value)
  const failure = starts.find((start) => start.status === 'rejected')
  if (failure === undefined) return running
  await Promise.all(running.map(({ stop }) => stop()))
  throw failure.reason
}

/** What identifies a case among all. */
export function idOf(middlebox: Middlebox, [claim]: MiddleboxCase): string {
  return `${middlebox.name}: ${claim}`
}

/** How a case is asked for through a middlebox that runs. */
export function questionOf(
  middlebox: Middlebox,
  testCase: MiddleboxCase,
  { place }: Running,
  upstream: FaultServer,
): Question {
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

/** Asks all of them with one major version of the SDK. */
export async function askAll(major: SdkMajor, questions: readonly Question[]): Promise<readonly Answered[]> {
  const { stdout, stderr, exitCode } = await runApp('middleboxes.ts', [`${major}`, JSON.stringify(questions)])
  // openai 4 prints what it cannot read by itself.
  expect({ exitCode, stderr: major === 4 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Answered[]
}

/** What a proxy's buffers do to a stream. */
const HELD_BACK: ReadonlySet<string> = new Set(['buffered', 'coalesced'])

/** Holds what was told of an answer against what is to be found. */
export function expectFinding(answered: Answered | undefined, expected: Finding): void {
  const attributes = answered?.attributes ?? {}
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
}
