import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DIALECTS, findTerminatorRule } from '../src/dialects.ts'
import {
  cutBeforeEnd,
  DIALECT_FOLDER,
  readDialectExamples,
  readEnd,
  type AnswerEnd,
  type DialectExample,
} from './dialect-examples.ts'
import { play, withoutReads, type Play } from './play.ts'
import { readRecordedStreams } from './recorded-streams.ts'

const EXAMPLES = readDialectExamples()
const cases = EXAMPLES.map((example) => [example.file, example] as const)

const read = ({ file }: DialectExample): Uint8Array => new Uint8Array(readFileSync(join(DIALECT_FOLDER, file)))
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

function optionsOf({ api, baseURL, model, request, wire }: DialectExample): Play {
  return {
    api,
    terminator: findTerminatorRule(new URL(baseURL).hostname, model),
    usageRequested: request?.stream_options?.include_usage === true,
    response: wire?.contentType === undefined ? {} : { contentType: wire.contentType },
  }
}

describe('each dialect', () => {
  it('has a file and a row', () => {
    const files = readdirSync(DIALECT_FOLDER).filter((name) => name.endsWith('.sse'))
    expect(EXAMPLES.map(({ file }) => file)).toEqual(files.toSorted())
  })

  it.each(cases)('%s is judged as it should be, with and without knowing the API', (_, example) => {
    const { outcome, errorType, anomalies = [], finishReasons, usage } = example.expected
    const options = optionsOf(example)
    for (const api of [example.api, 'unknown'] as const) {
      const report = play(read(example), { ...options, api })
      expect(report).toMatchObject({ outcome, ...(finishReasons === undefined ? {} : { finishReasons }) })
      expect(report.fault?.code).toBe(errorType)
      expect(report.anomalies.map(({ type }) => type)).toEqual(anomalies)
      if (usage !== undefined) expect(report.usage).toEqual({ cacheReadInputTokens: undefined, ...usage })
    }
  })

  it.each(cases)('%s gives one report in any fragmentation', (_, example) => {
    const bytes = read(example)
    const options = optionsOf(example)
    const whole = withoutReads(play(bytes, options))
    expect(withoutReads(play(bytes, { ...options, cuts: Array.from(bytes, (_byte, i) => i) }))).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        expect(withoutReads(play(bytes, { ...options, cuts }))).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  it.each(cases)('%s ends as its row says', (_, example) => {
    expect(readEnd(text(read(example)))).toBe(example.ends)
  })
})

/** What is said of a body that ends in order, by how it ends: each sentence of the contract about terminators is a row. */
const VERDICTS: Readonly<Record<AnswerEnd, { readonly outcome: string; readonly doneMissing: boolean }>> = {
  finish_and_done: { outcome: 'completed', doneMissing: false },
  finish_only: { outcome: 'completed', doneMissing: true },
  done_only: { outcome: 'completed', doneMissing: false },
  terminal_event: { outcome: 'completed', doneMissing: false },
  terminal_event_and_done: { outcome: 'completed', doneMissing: false },
  error: { outcome: 'broken', doneMissing: false },
  nothing: { outcome: 'broken', doneMissing: false },
}

const bodies = [
  ...EXAMPLES.map((example) => ({ name: example.file, body: text(read(example)), options: optionsOf(example) })),
  ...readRecordedStreams().map(({ file, api, bytes }) => ({ name: file, body: text(bytes), options: { api } as Play })),
].map((body) => [body.name, body] as const)

describe('a body that ends in order is judged by what ends it', () => {
  it.each(bodies)('%s', (_, { body, options }) => {
    const { outcome, doneMissing } = VERDICTS[readEnd(body)]
    const report = play(body, options)
    expect(report.outcome).toBe(options.terminator === 'optional' ? 'completed' : outcome)
    expect(report.anomalies.some(({ type }) => type === 'done_missing')).toBe(doneMissing)
  })

  it.each(bodies)('and without its end it is cut: %s', (_, { body, options }) => {
    const { text: before, hasData } = cutBeforeEnd(body)
    const report = play(before, options)
    if (options.terminator === 'optional') expect(report.outcome).toBe('completed')
    else if (readEnd(before) === 'error') expect(report.fault?.code).toBe('upstream_error')
    else expect(report.fault?.code).toBe(hasData ? 'missing_terminator' : 'empty_stream')
  })
})

describe('the rule of a dialect', () => {
  it.each([
    ['integrate.api.nvidia.com', 'z-ai/glm-5', 'optional'],
    ['INTEGRATE.API.NVIDIA.COM', 'Z-AI/GLM-5', 'optional'],
    ['integrate.api.nvidia.com', 'river/flow-8b', 'required'],
    ['integrate.api.nvidia.com.evil.example', 'z-ai/glm-5', 'required'],
    ['api.z.ai', 'glm-5', 'required'],
    ['', '', 'required'],
  ] as const)('of host %j and model %j is %s', (host, model, rule) => {
    expect(findTerminatorRule(host, model)).toBe(rule)
  })

  it.each([
    ['*.example', 'llm.example', true],
    ['*.example', 'a.llm.example', true],
    ['*.example', 'example', false],
    ['*.example', 'llm.example.com', false],
    ['llm.example', 'llm.example', true],
    ['llm.example', 'xllm.example', false],
    ['*', 'anything', true],
  ])('with host %j holds for %j: %j', (pattern, host, holds) => {
    expect(findTerminatorRule(host, 'm', [{ host: pattern, terminator: 'optional' }])).toBe(
      holds ? 'optional' : 'required',
    )
  })

  it('of the user comes before the known ones, and the first that matches counts', () => {
    const [known] = DIALECTS
    const host = known?.host ?? ''
    expect(findTerminatorRule(host, 'glm', [{ host, terminator: 'required' }])).toBe('required')
    const both = [{ model: 'a*', terminator: 'optional' } as const, { terminator: 'required' } as const]
    expect([findTerminatorRule('h', 'abc', both), findTerminatorRule('h', 'bc', both)]).toEqual([
      'optional',
      'required',
    ])
  })
})
