import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { GEN_AI } from '@streamgauge/core/semconv'
import type { Body, BodyResult, Call, Wire } from './apps/bodies.ts'
import { MAJORS, playBodies, verdictOf, waysOf } from './bodies.ts'
import { HELLO } from './replay.ts'

// The dialects that core knows by an example, and events that no document has, through the real SDKs.

/** The parts of core's table that an application's side has to do with. */
interface Example {
  readonly file: string
  readonly api: Call
  readonly baseURL: string
  readonly model: string
  readonly provider: string
  readonly request?: Readonly<Record<string, unknown>>
  readonly wire?: Wire
  readonly expected: {
    readonly outcome: string
    readonly errorType?: string
    readonly anomalies?: readonly string[]
    readonly finishReasons?: readonly string[]
    readonly usage?: Readonly<Record<string, number>>
  }
}

interface OddEvents {
  readonly name: string
  readonly events: string
  readonly fault?: string
  /**
   * By major version, where the SDK makes it another. openai 7 goes through the choices of each chunk above the place where
   * it is watched: what it throws there looks like a consumer who leaves.
   */
  readonly outcomes?: Readonly<Record<string, string>>
}

const FOLDER = join(import.meta.dirname, '../../core/test/dialects')
const readTable = (file: string): unknown => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
const EXAMPLES = readTable('dialects.json') as readonly Example[]
const ODD = readTable('odd-events.json') as readonly OddEvents[]

const NEWEST = MAJORS[3]
const seed = Math.trunc(Math.random() * 2 ** 32)
const examples = EXAMPLES.map(({ file, api, baseURL, model, request, wire }): Body => {
  const bytes = readFileSync(join(FOLDER, file))
  const { whole = [], bytes: everyByte = [], random = [] } = waysOf(bytes, [], seed)
  const ways = { whole, bytes: everyByte, random }
  return { name: file, call: api, base64: bytes.toString('base64'), wire, ways, baseURL, model, request }
})
const odd = ODD.map(({ name, events }): Body => {
  const bytes = Buffer.from([...HELLO.slice(0, 2), events, ...HELLO.slice(2)].join(''))
  return {
    name,
    call: 'chat',
    base64: bytes.toString('base64'),
    ways: { whole: [], lines: waysOf(bytes, [], seed)['lines'] ?? [] },
  }
})

const runs = new Map<number, readonly BodyResult[]>()
beforeAll(async () => {
  const play = async (major: number): Promise<void> => {
    // Byte by byte to the newest one: the recorded streams are played so to all of them.
    const short = examples.map((body) => ({ ...body, ways: { whole: [], random: body.ways['random'] ?? [] } }))
    const bodies = [...(major === NEWEST ? examples : short), ...odd]
    runs.set(major, await playBodies(major, { bodies }))
  }
  await Promise.all(MAJORS.slice(0, 2).map(play))
  await Promise.all(MAJORS.slice(2).map(play))
}, 120_000)

function resultsOf(major: number, name: string, ways: number): readonly BodyResult[] {
  const results = runs.get(major)?.filter((result) => result.name === name) ?? []
  expect(results).toHaveLength(ways)
  return results
}

describe.each(MAJORS)(`openai %i, pieces cut by seed ${seed}`, (major) => {
  it.each(EXAMPLES.map((example) => [example.file, example] as const))(
    '%s is told as it should be',
    (file, example) => {
      const { outcome, errorType, anomalies = [], finishReasons, usage } = example.expected
      for (const result of resultsOf(major, file, major === NEWEST ? 3 : 2)) {
        expect(verdictOf(result)).toEqual({ outcome, errorType, anomalies })
        expect(result.watched).toEqual(result.bare)
        const [attributes = {}] = result.spans
        expect(attributes).toMatchObject({
          [GEN_AI.PROVIDER_NAME]: example.provider,
          [GEN_AI.REQUEST_MODEL]: example.model,
        })
        if (finishReasons !== undefined && finishReasons.length > 0)
          expect(attributes[GEN_AI.RESPONSE_FINISH_REASONS]).toEqual(finishReasons)
        if (usage !== undefined)
          expect(attributes).toMatchObject({
            [GEN_AI.USAGE_INPUT_TOKENS]: usage['inputTokens'],
            [GEN_AI.USAGE_OUTPUT_TOKENS]: usage['outputTokens'],
          })
      }
    },
  )

  it.each(ODD.map((events) => [events.name, events] as const))(
    'an answer with %s in it is told as it should be',
    (name, { fault, outcomes = {} }) => {
      const outcome = outcomes[major] ?? (fault === undefined ? 'completed' : 'broken')
      for (const result of resultsOf(major, name, 2)) {
        expect(result.watched).toEqual(result.bare)
        expect(verdictOf(result)).toMatchObject({ outcome, errorType: fault })
        if (outcome === 'completed') expect(result.bare.thrown).toBeUndefined()
      }
    },
  )
})
