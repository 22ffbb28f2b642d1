import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { StreamReport } from '../src/monitor/report.ts'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import type { StreamApi } from '../src/vocabulary.ts'
import { DONE, HEALTHY, play } from './play.ts'

const created = {
  type: 'response.created',
  sequence_number: 0,
  response: { id: 'r1', model: 'm', status: 'in_progress' },
}
const delta = { type: 'response.output_text.delta', sequence_number: 1, delta: 'Hello' }
const completed = { type: 'response.completed', sequence_number: 2, response: { id: 'r1', status: 'completed' } }

/** The events of a whole answer. The last one of Responses ends it: what is odd stands before it. */
const ANSWERS: readonly (readonly [name: string, api: StreamApi, events: readonly unknown[]])[] = [
  [
    'a chat answer',
    'chat',
    HEALTHY.slice(0, -DONE.length)
      .trimEnd()
      .split('\n\n')
      .map((event): unknown => JSON.parse(event.slice(6))),
  ],
  ['an answer of Responses', 'responses', [created, delta, completed]],
]

const NAMES = [
  'choices',
  'delta',
  'finish_reason',
  'index',
  'usage',
  'tool_calls',
  'function',
  'arguments',
  'id',
  'model',
  'object',
  'type',
  'event',
  'data',
  'response',
  'status',
  'sequence_number',
  'content',
  'text',
  'prompt_tokens',
  'prompt_tokens_details',
  'x_groq',
  'output_index',
  'error',
]
const WORDS = [
  'stop',
  '',
  'ping',
  'response.created',
  'response.function_call_arguments.delta',
  'thread.message',
  'chat.completion.chunk',
  0,
  1,
  -1,
  null,
]

/** JSON made of the names that the reader looks at, with anything in them. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue(),
    fc.constantFrom(...WORDS),
    tie('list'),
    tie('record'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  record: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 5 }),
})).value
/** The shapes in which servers tell of an error, and events that end an answer and may stand in no other place. */
function isError(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { error, type, object, data } = value as Readonly<Record<string, unknown>>
  return Boolean(error) || type === 'error' || object === 'error' || isError(data)
}

/** What the monitor says of a body whose events somebody else decodes, as the SDK does. */
function playDecoded(api: StreamApi, events: readonly unknown[], hasDone: boolean): StreamReport {
  const monitor = new StreamMonitor({ api, decode: 'consumer' }, 0)
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked' }, 0)
  for (const event of events) {
    monitor.pull(0)
    monitor.read(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`), 0)
    monitor.payload(event)
  }
  monitor.pull(0)
  if (hasDone) monitor.read(new TextEncoder().encode(DONE), 0)
  monitor.eof(0)
  return monitor.finish({ kind: 'done' }, 0)
}

describe('any JSON value that is no error leaves an answer whole', () => {
  const odd = fc.array(
    fc.tuple(
      json.filter((value) => !isError(value)),
      fc.nat(),
    ),
    { minLength: 1, maxLength: 4 },
  )

  it.each(ANSWERS)('%s', (_, api, own) => {
    fc.assert(
      fc.property(odd, (values) => {
        const events = [...own]
        for (const [value, at] of values) events.splice(at % events.length, 0, JSON.parse(JSON.stringify(value)))
        const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
        const expected = { outcome: 'completed', fault: undefined, parseErrors: 0, events: events.length }
        expect(play(body + (api === 'chat' ? DONE : ''), { api })).toMatchObject(expected)
        expect(playDecoded(api, events, api === 'chat')).toMatchObject(expected)
      }),
      { numRuns: 2000 },
    )
  })
})
