import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR } from '@streamgauge/core/semconv'
import type { Body, BodyResult, Call, Wire } from './apps/bodies.ts'
import { MAJORS, playBodies, verdictOf, waysOf } from './bodies.ts'

// What real servers put on the wire, through the real SDKs: the verdict is the expected one however the bytes are cut, and
// the application sees what it sees without us.

/** A recorded body, as the manifest beside the recordings has it. */
interface Fixture {
  readonly file: string
  readonly api: Call
  /** Where another call than that of the API gave it. */
  readonly call?: Call
  readonly wire?: Wire
  readonly expected: {
    readonly outcome: string
    readonly errorType: readonly string[]
    readonly anomalies: readonly string[]
  }
  readonly hints: { readonly cuts: readonly number[] }
}

const FOLDER = join(import.meta.dirname, '../../../../shared/streams')
const manifest = join(FOLDER, 'manifest.json')
const fixtures = existsSync(manifest)
  ? (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly fixtures: readonly Fixture[] }).fixtures
  : []
if (fixtures.length === 0) console.log('SKIP recorded streams: put them into shared/streams beside the repository')
const describeStreams = fixtures.length === 0 ? describe.skip : describe

const seed = Math.trunc(Math.random() * 2 ** 32)
const WIRE = ['status', 'contentType', 'framing']

const bodies = fixtures.map(({ file, api, call = api, wire, hints }): Body => {
  const bytes = readFileSync(join(FOLDER, file))
  return { name: file, call, base64: bytes.toString('base64'), wire, ways: waysOf(bytes, hints.cuts, seed) }
})

describeStreams(`recorded streams, cut by seed ${seed}`, () => {
  const runs = new Map<number, readonly BodyResult[]>()

  beforeAll(async () => {
    const play = async (major: number): Promise<void> => void runs.set(major, await playBodies(major, { bodies }))
    await Promise.all(MAJORS.slice(0, 2).map(play))
    await Promise.all(MAJORS.slice(2).map(play))
  }, 120_000)

  const resultsOf = (major: number, file: string): readonly BodyResult[] => {
    const results = runs.get(major)?.filter(({ name }) => name === file) ?? []
    expect(results).toHaveLength(5)
    return results
  }

  describe.each(MAJORS)('openai %i', (major) => {
    it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))('%s ends as it should', (file, fixture) => {
      const { outcome, errorType, anomalies } = fixture.expected
      const verdicts = resultsOf(major, file).map((result) => ({ way: result.way, ...verdictOf(result) }))
      for (const verdict of verdicts) {
        expect(verdict).toMatchObject({ outcome })
        if (errorType.length > 0) expect(errorType).toContain(verdict.errorType)
        else expect(verdict).toMatchObject({ errorType: undefined })
        for (const type of verdict.anomalies) expect(anomalies).toContain(type)
        expect(verdict.errorType).toBe(verdicts[0]?.errorType)
      }
    })

    it.each(fixtures.map(({ file }) => file))('%s looks to the application as it does without us', (file) => {
      for (const { bare, watched } of resultsOf(major, file)) expect(watched).toEqual(bare)
    })

    it('what is written apart is read apart', () => {
      const healthy = runs.get(major)?.filter(({ name }) => name.startsWith('healthy/')) ?? []
      const reads = healthy.reduce((sum, { spans }) => sum + Number(spans[0]?.[ATTR.READS]), 0)
      const writes = healthy.reduce((sum, { writes: count }) => sum + count, 0)
      expect(reads / writes).toBeGreaterThan(0.8)
    })
  })

  it('the test sends all that the manifest says of the wire', () => {
    for (const { wire = {} } of fixtures) expect(WIRE).toEqual(expect.arrayContaining(Object.keys(wire)))
  })
})
