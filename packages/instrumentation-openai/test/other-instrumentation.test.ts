import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer } from '@streamgauge/fault-server'
import type { Told } from './apps/other-instrumentation.ts'
import { runApp } from './run-app.ts'

// Others may tell of the same requests: then the tokens are theirs, and the user is told that there are two.
const MAJORS = [4, 6] as const // OpenTelemetry's own instrumentation knows no openai 7
const CONTRIB = '@opentelemetry/instrumentation-openai'
const OURS = '@streamgauge/instrumentation-openai'

const told = new Map<number, Readonly<Record<string, Told>>>()
let close: () => Promise<void>

beforeAll(async () => {
  const server = await startFaultServer()
  close = () => server.close()
  const play = async (major: number): Promise<void> => {
    const { stdout } = await runApp('other-instrumentation.ts', [`${major}`, server.baseURL])
    told.set(major, JSON.parse(stdout) as Record<string, Told>)
  }
  await Promise.all(MAJORS.map(play))
}, 60_000)
afterAll(() => close())

function step(major: number, name: string): Told {
  const found = told.get(major)?.[name]
  if (found === undefined) throw new Error(`${name} was not played`)
  return found
}

function spansOf(major: number, name: string, scope: string): Told['spans'] {
  return step(major, name).spans.filter((span) => span.scope === scope)
}

const hasTokens = ({ attributes }: Told['spans'][number]): boolean =>
  attributes[GEN_AI.USAGE_INPUT_TOKENS] !== undefined

describe.each(MAJORS)('openai %i', (major) => {
  it.each(['alone', 'in an agent', 'alone again'])('%s: the tokens are told, without a warning', (name) => {
    const { tokens, warnings } = step(major, name)
    expect(spansOf(major, name, OURS).map(hasTokens)).toEqual([true, true])
    expect(tokens['gen_ai.client.inference.usage.input_tokens']).toBeGreaterThan(0)
    expect(warnings).toEqual([])
  })

  it.each([
    ['in a framework', 'framework'],
    ['in openinference', 'framework of Phoenix'],
  ])('%s: the tokens are left to it, with one warning', (name, scope) => {
    const { tokens, warnings } = step(major, name)
    expect(spansOf(major, name, OURS).map(hasTokens)).toEqual([false, false])
    expect(tokens).toEqual({})
    expect(warnings).toEqual([expect.stringMatching(`^${scope} makes spans of the same requests`)])
  })

  it('beside the instrumentation of OpenTelemetry, each request has a span of both, and the tokens are counted by it alone', () => {
    for (const name of ['beside', 'beside again']) {
      expect(spansOf(major, name, OURS).map(hasTokens)).toEqual([false, false])
      expect(spansOf(major, name, CONTRIB).map(hasTokens)).toEqual([true, true])
      expect(Object.keys(step(major, name).tokens)).toEqual(['gen_ai.client.token.usage'])
    }
    expect(step(major, 'beside').warnings).toEqual([expect.stringContaining(CONTRIB)])
    expect(step(major, 'beside again').warnings).toEqual([])
  })

  it('beside it, how the stream ended is told all the same', () => {
    expect(spansOf(major, 'beside', OURS)[0]?.attributes).toMatchObject({ [ATTR.OUTCOME]: 'completed' })
  })
})
