import { describe, expect, it } from '@jest/globals'
import { MAX_TOOL_CALLS } from '../src/answer/tool-arguments.ts'
import { Answer } from '../src/answer/answer.ts'
import { takeEvent } from '../src/answer/take-event.ts'
import { ANOMALY_ATTR, ATTR } from '../src/semconv.ts'
import { chunk, DONE, HEALTHY, play, type Play } from './play.ts'

const sse = (data: object): string => `data: ${JSON.stringify(data)}\n\n`
const delta = (sequence_number: unknown, type = 'response.output_text.delta'): string =>
  sse({ type, sequence_number, delta: 'x' })
const completed = (sequence_number: unknown): string =>
  sse({ type: 'response.completed', sequence_number, response: { status: 'completed' } })
const typesOf = (body: string | Uint8Array, options: Play = {}): readonly string[] =>
  play(body, options).anomalies.map(({ type }) => type)

describe('numbers of events that do not follow each other', () => {
  it.each<readonly [string, readonly unknown[], readonly string[]]>([
    ['that do are no anomaly', [0, 1, 2, 3], []],
    ['may begin anywhere, as in a resumed stream', [41, 42, 43], []],
    ['that skip one are a gap', [0, 1, 3], ['sequence_gap']],
    ['that come twice are a repeat', [0, 1, 1, 2], ['sequence_repeat']],
    ['that go back are a repeat, and not a gap when they come again', [0, 1, 2, 1, 2, 3], ['sequence_repeat']],
    ['that skip and go back are both', [0, 5, 1, 6], ['sequence_gap', 'sequence_repeat']],
    ['that some events lack are no gap', [0, undefined, 1, null, 2], []],
    ['that are no numbers are none', [0, '1', 1.5, 1, 2], []],
  ])('%s', (_, numbers, expected) => {
    const body = numbers.map((number) => delta(number)).join('')
    const last = numbers.findLast((number) => Number.isInteger(number)) as number
    expect(typesOf(body + completed(last + 1), { api: 'responses' })).toEqual(expected)
  })

  it('a keepalive has a number of its own', () => {
    const body = delta(0) + sse({ type: 'keepalive', sequence_number: 1 }) + delta(2) + completed(3)
    expect(typesOf(body, { api: 'responses' })).toEqual([])
  })

  it('a gap says what was due, what came, and where', () => {
    const { anomalies, lastSequenceNumber } = play(delta(0) + delta(4) + delta(9) + completed(10), { api: 'responses' })
    expect(anomalies).toMatchObject([
      {
        type: 'sequence_gap',
        attributes: {
          [ANOMALY_ATTR.EXPECTED]: 1,
          [ANOMALY_ATTR.RECEIVED]: 4,
          [ANOMALY_ATTR.COUNT]: 2,
          [ATTR.CHUNK_INDEX]: 1,
        },
      },
    ])
    expect(lastSequenceNumber).toBe(10)
  })
})

describe('arguments of a call that stop before their end', () => {
  const pieces = (...texts: readonly string[]): string =>
    texts.map((text) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })).join('') +
    chunk({}, 'tool_calls') +
    DONE
  it.each<readonly [string, string, readonly string[]]>([
    ['in a string', pieces('{"a":"x'), ['incomplete_tool_arguments']],
    ['in an object', pieces('{"a":', '1'), ['incomplete_tool_arguments']],
    ['in an array', pieces('{"a":[1', ',2'), ['incomplete_tool_arguments']],
    ['after a backslash', pieces('{"a":"x\\'), ['incomplete_tool_arguments']],
    ['nowhere', pieces('{"a"', ':"x"}'), []],
    ['nowhere, with brackets and quotes in a string', pieces('{"a":"}]\\"{', '["}'), []],
    ['nowhere, since there are none', pieces(''), []],
    [
      'in a function, as calls were called before',
      chunk({ function_call: { name: 'f', arguments: '{"a' } }) + chunk({}, 'function_call') + DONE,
      ['incomplete_tool_arguments'],
    ],
    [
      'nowhere in such a function',
      chunk({ function_call: { arguments: '{"a' } }) +
        chunk({ function_call: { arguments: '":1}' } }) +
        chunk({}, 'function_call') +
        DONE,
      [],
    ],
    [
      'in a call of Responses',
      sse({ type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"a' }) + completed(undefined),
      ['incomplete_tool_arguments'],
    ],
    [
      'in a call of an MCP server',
      sse({ type: 'response.mcp_call_arguments.delta', output_index: 0, delta: '{"a' }) + completed(undefined),
      ['incomplete_tool_arguments'],
    ],
    [
      'nowhere in two calls of Responses that take turns',
      ['0{', '1{"b', '0}', '1":2}']
        .map(([index, ...text]) =>
          sse({ type: 'response.function_call_arguments.delta', output_index: Number(index), delta: text.join('') }),
        )
        .join('') + completed(undefined),
      [],
    ],
  ])('%s', (_, body, expected) => expect(typesOf(body)).toEqual(expected))

  it('is known of a bounded number of calls, and of each by a few numbers, however long', () => {
    const answer = new Answer('chat')
    for (let index = 0; index < 3 * MAX_TOOL_CALLS; index++) {
      const call = { index, function: { arguments: `{"a":"${'x'.repeat(10_000)}` } }
      takeEvent(answer, { choices: [{ index: 0, delta: { tool_calls: [call] } }] }, index, false)
    }
    expect(answer.toolArguments?.size).toBe(MAX_TOOL_CALLS)
    expect(JSON.stringify([...(answer.toolArguments ?? [])]).length).toBeLessThan(MAX_TOOL_CALLS * 100)
  })
})

describe('an anomaly beside a whole answer', () => {
  it.each<readonly [string, string | Uint8Array, Play, readonly string[]]>([
    ['is none in a plain one', HEALTHY, {}, []],
    ['is a byte order mark', `\uFEFF${HEALTHY}`, {}, ['bom']],
    ['is an event after [DONE]', HEALTHY + chunk({ content: 'more' }), {}, ['late_data']],
    ['is an event after the last of its API', delta(0) + completed(1) + delta(2), { api: 'responses' }, ['late_data']],
    ['is no comment after [DONE]', `${HEALTHY}: bye\n\n`, {}, []],
    ['is no second [DONE]', HEALTHY + DONE, {}, []],
    ['is a missing [DONE]', HEALTHY.replace(DONE, ''), {}, ['done_missing']],
    ['is no missing [DONE] in Responses', delta(0) + completed(1), { api: 'responses' }, []],
    ['is usage that was asked for', HEALTHY, { usageRequested: true }, ['usage_missing']],
    ['is no usage that nobody asked for', HEALTHY, { usageRequested: false }, []],
    [
      'is a byte that is no UTF-8',
      new Uint8Array([...new TextEncoder().encode(': '), 0xff, 10, 10, ...new TextEncoder().encode(HEALTHY)]),
      {},
      ['invalid_utf8'],
    ],
  ])('%s', (_, body, options, expected) => {
    const report = play(body, options)
    expect(report.anomalies.map(({ type }) => type)).toEqual(expected)
    expect(report).toMatchObject({ outcome: 'completed', fault: undefined })
    for (const { remedy } of report.anomalies) expect(remedy).not.toBe('')
  })
})
