import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { StreamApi } from '../src/vocabulary.ts'
import { DONE, HEALTHY, play } from './play.ts'

/** Events that no document has, put between those of a healthy answer. */
interface OddEvents {
  readonly name: string
  readonly events: string
  /** What they break. Absent: nothing. */
  readonly fault?: string
}

const ODD = JSON.parse(readFileSync(join(import.meta.dirname, 'dialects/odd-events.json'), 'utf8')) as OddEvents[]

const FINISHED = HEALTHY.slice(0, -DONE.length)
const typed = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const RESPONSES =
  typed({ type: 'response.created', sequence_number: 0, response: { id: 'r1', model: 'm', status: 'in_progress' } }) +
  typed({ type: 'response.output_text.delta', sequence_number: 1, delta: 'Hello' }) +
  typed({ type: 'response.completed', sequence_number: 2, response: { id: 'r1', model: 'm', status: 'completed' } })

/** A whole answer of each kind of end. */
const ANSWERS: readonly (readonly [name: string, api: StreamApi, events: string])[] = [
  ['a chat answer', 'chat', HEALTHY],
  ['a chat answer without [DONE]', 'chat', FINISHED],
  ['an answer of Responses', 'responses', RESPONSES],
]

/** The body with the given events before each of its own in turn, and after all of them where that is asked for. */
function* insertions(body: string, events: string, places: 'before' | 'anywhere'): Generator<string> {
  const own = body.split(/(?<=\n\n)/)
  for (let at = 0; at < own.length + (places === 'before' ? 0 : 1); at++)
    yield [...own.slice(0, at), events, ...own.slice(at)].join('')
}

describe.each(ANSWERS)('%s', (_, api, answer) => {
  const healthy = ODD.filter(({ fault }) => fault === undefined)
  it.each(healthy.map(({ name, events }) => [name, events] as const))('stays whole with %s in it', (__, events) => {
    for (const body of insertions(answer, events, 'anywhere')) {
      for (const asked of [api, 'unknown'] as const) {
        expect(play(body, { api: asked })).toMatchObject({ outcome: 'completed', fault: undefined, parseErrors: 0 })
      }
    }
  })

  const broken = ODD.filter(({ fault }) => fault !== undefined)
  it.each(broken.map(({ name, events, fault }) => [name, events, fault] as const))(
    'breaks by %s',
    (__, events, code) => {
      for (const body of insertions(answer, events, 'before')) {
        expect(play(body, { api })).toMatchObject({ outcome: 'broken', fault: { code } })
      }
    },
  )
})

const finished = (reason: unknown): string => typed({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })
const usage = { prompt_tokens: 11, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 3 } }
const USAGE = { inputTokens: 11, outputTokens: 5, cacheReadInputTokens: 3 }

describe('a finish reason is one whatever its type', () => {
  it.each<readonly [name: string, reason: unknown, expected: string]>([
    ['a number', 1, '1'],
    ['an object with a type', { type: 'stop_sequence' }, 'stop_sequence'],
    ['an object with a reason', { reason: 'length' }, 'length'],
    ['an object with neither', { code: 3 }, 'other'],
  ])('%s', (_, reason, expected) => {
    expect(play(finished(reason))).toMatchObject({ outcome: 'completed', finishReasons: [expected] })
  })

  it.each([[null], [''], [0], [false], [[]], [{}]])('but %j is none', (reason) => {
    expect(play(finished(reason))).toMatchObject({ outcome: 'broken', fault: { code: 'missing_terminator' } })
  })
})

describe('usage is read where dialects put it', () => {
  it.each<readonly [name: string, events: string]>([
    ['usage in every chunk', HEALTHY.replaceAll('"choices"', `"usage":${JSON.stringify(usage)},"choices"`)],
    ['usage beside the last finish reason', typed({ choices: [{ index: 0, finish_reason: 'stop' }], usage })],
    ['usage in the last choice', typed({ choices: [{ index: 0, finish_reason: 'stop', usage }] })],
    ['usage in x_groq', typed({ choices: [{ index: 0, finish_reason: 'stop' }], x_groq: { id: 'q', usage } })],
    ['usage on its own, after the answer', FINISHED + typed({ usage })],
    [
      'usage with the names of Responses',
      FINISHED +
        typed({
          choices: [],
          usage: { input_tokens: 11, output_tokens: 5, input_tokens_details: { cached_tokens: 3 } },
        }),
    ],
    [
      'usage that turns null again',
      typed({ choices: [], usage }) + FINISHED.replaceAll('"choices"', '"usage":null,"choices"'),
    ],
    [
      'Responses whose usage has the names of chat',
      typed({ type: 'response.done', response: { id: 'r', status: 'completed', usage } }),
    ],
  ])('%s', (_, events) => {
    const report = play(events, { usageRequested: true })
    expect(report).toMatchObject({ outcome: 'completed', usage: USAGE })
    expect(report.anomalies.map(({ type }) => type)).not.toContain('usage_missing')
  })
})

describe('choices are told apart', () => {
  const choice = (index: unknown, finish_reason: unknown = null): object => ({
    index,
    delta: { content: 'x' },
    finish_reason,
  })
  it.each<readonly [name: string, events: string, isComplete: boolean]>([
    [
      'in one event, without an index',
      typed({ choices: [{ finish_reason: 'stop' }, { finish_reason: 'length' }] }),
      true,
    ],
    [
      'in one event, one of them unfinished',
      typed({ choices: [{ finish_reason: 'stop' }, { finish_reason: null }] }),
      false,
    ],
    [
      'by an index that is a text',
      typed({ choices: [choice('1', 'stop')] }) + typed({ choices: [choice('0', 'stop')] }),
      true,
    ],
    [
      'by an index out of order',
      [1, 0, 1, 0].map((index) => typed({ choices: [choice(index)] })).join('') +
        typed({ choices: [choice(1, 'stop'), choice(0, 'stop')] }),
      true,
    ],
    [
      'by an index that counts from one',
      typed({ choices: [choice(1, 'stop')] }) + typed({ choices: [choice(2, 'stop')] }),
      true,
    ],
    [
      'interleaved, the second of them unfinished',
      typed({ choices: [choice(0)] }) + typed({ choices: [choice(1)] }) + typed({ choices: [choice(0, 'stop')] }),
      false,
    ],
  ])('%s', (_, events, isComplete) => {
    expect(play(events, { choices: 2 }).outcome).toBe(isComplete ? 'completed' : 'broken')
  })
})
