import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { BodyResult, BodyRun } from './apps/bodies.ts'
import { runApp } from './run-app.ts'

export const MAJORS = [4, 5, 6, 7] as const

/** Plays bodies to one major version of the SDK, in a process of its own, without and with the instrumentation. */
export async function playBodies(major: number, run: BodyRun): Promise<readonly BodyResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'streamgauge-'))
  try {
    const file = join(folder, 'bodies.json')
    await writeFile(file, JSON.stringify(run))
    const { stdout, stderr, exitCode } = await runApp('bodies.ts', [`${major}`, file])
    // openai 4 prints what it cannot read by itself.
    expect({ exitCode, stderr: major === 4 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { results, messages } = JSON.parse(stdout) as { results: readonly BodyResult[]; messages: readonly string[] }
    expect(messages).toEqual([])
    return results
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What was told of one stream, by its bytes: anomalies of its arrival depend on how busy this machine is. */
export function verdictOf({ spans }: BodyResult): Verdict {
  expect(spans).toHaveLength(1)
  const attributes = spans[0] ?? {}
  const anomalies = (attributes[ATTR.ANOMALIES] ?? []) as string[]
  return {
    outcome: attributes[ATTR.OUTCOME] as string,
    errorType: attributes[GEN_AI.ERROR_TYPE] as string | undefined,
    anomalies: anomalies.filter((type) => !OF_ARRIVAL.has(type)),
  }
}

export interface Verdict {
  readonly outcome: string
  readonly errorType: string | undefined
  readonly anomalies: readonly string[]
}

const OF_ARRIVAL: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

/** Ways of cutting a body into pieces: each must come to the same. */
export function waysOf(bytes: Uint8Array, cuts: readonly number[], seed: number): BodyRun['bodies'][number]['ways'] {
  const lines = Array.from(bytes, (byte, i) => (byte === LINE_FEED ? i + 1 : 0))
  return {
    whole: [],
    lines: lines.filter((end) => end > 0),
    bytes: bytes.length <= MAX_BYTEWISE ? everyByte(0, bytes.length) : nearCuts([0, ...cuts, bytes.length]),
    cuts,
    random: randomCuts(bytes.length, seed),
  }
}

const LINE_FEED = 0x0a
/** Longest body sent byte by byte as a whole; of a longer one, what is around its beginning, its cuts and its end. */
const MAX_BYTEWISE = 2048
const AROUND_CUT = 12

function nearCuts(cuts: readonly number[]): number[] {
  return cuts.flatMap((cut) => everyByte(cut - AROUND_CUT, cut + AROUND_CUT))
}

function everyByte(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** A linear congruential generator is random enough to cut with, and gives the same cuts for the same seed. */
function randomCuts(length: number, seed: number): number[] {
  let state = (seed ^ length) >>> 0
  return Array.from({ length: 16 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * length)
  })
}
