// Whole answers of each API, as a server means them: the events, before they are spelled.
import fc from 'fast-check'
import type { StreamApi } from '../../src/vocabulary.ts'

/** One event as a server means it. */
export interface MeantEvent {
  readonly name?: string
  /** Text as it stands, or a value that becomes JSON. */
  readonly data?: unknown
  readonly text?: string
}

/** An answer, with what the request asked for. */
export interface Answer {
  readonly api: StreamApi
  readonly choices: number
  readonly usageRequested: boolean
  readonly events: readonly MeantEvent[]
}

const DONE: MeantEvent = { text: '[DONE]' }

/** Words that lie in wait for whoever reads bytes: field names, line ends, marks, characters of every length. */
const words = fc.array(
  fc.constantFrom(
    'Hello',
    ' ',
    'é',
    '世界',
    '🌊',
    '👩‍👩‍👧',
    'data: {',
    '\n\n',
    '\r',
    '[DONE]',
    '<html>',
    '"',
    '\\',
    '\u2028',
    '\uFEFF',
    '\u0000',
    '}{',
    ':',
  ),
  { maxLength: 4 },
)
const text = fc.oneof(
  { weight: 40, arbitrary: words.map((list) => list.join('')) },
  { weight: 1, arbitrary: fc.integer({ min: 4000, max: 40_000 }).map((size) => 'x世🌊'.repeat(size / 8)) },
)
const reason = fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter')
const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }

const delta = fc.oneof(
  text.map((content) => ({ content })),
  text.map((reasoning) => ({ content: null, reasoning_content: reasoning })),
  fc.constant({ role: 'assistant', content: '' }),
)

/** Arguments of a tool call in pieces. */
const calls = fc.array(fc.tuple(fc.jsonValue(), fc.array(fc.nat(60), { maxLength: 3 })), { maxLength: 2 }).map((list) =>
  list.flatMap(([value, cuts], index) => {
    const whole = JSON.stringify({ value })
    const borders = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length]
    return borders.slice(1).map((end, at) => ({
      index,
      ...(at === 0 ? { id: `call_${index}`, type: 'function' } : {}),
      function: { ...(at === 0 ? { name: 'look' } : {}), arguments: whole.slice(borders[at], end) },
    }))
  }),
)

function chatChunk(index: number, part: object, finishReason: string | null): MeantEvent {
  const choices = [{ index, delta: part, finish_reason: finishReason }]
  return { data: { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices } }
}

const chat = fc
  .record({
    choices: fc.integer({ min: 1, max: 3 }),
    deltas: fc.array(fc.tuple(fc.nat(2), delta), { maxLength: 5 }),
    calls,
    reason,
    usageRequested: fc.boolean(),
    endsWithDone: fc.boolean(),
  })
  .map(({ choices, deltas, calls: pieces, reason: last, usageRequested, endsWithDone }): Answer => ({
    api: 'chat',
    choices,
    usageRequested,
    events: [
      ...deltas.map(([index, part]) => chatChunk(index % choices, part, null)),
      ...pieces.map((call) => chatChunk(0, { tool_calls: [call] }, null)),
      ...Array.from({ length: choices }, (_, index) => chatChunk(index, {}, last)),
      ...(usageRequested ? [{ data: { id: 'c1', object: 'chat.completion.chunk', choices: [], usage } }] : []),
      ...(endsWithDone ? [DONE] : []),
    ],
  }))

const completions = fc
  .record({
    choices: fc.integer({ min: 1, max: 2 }),
    texts: fc.array(fc.tuple(fc.nat(1), text), { maxLength: 5 }),
    reason,
  })
  .map(({ choices, texts, reason: last }): Answer => {
    const piece = (index: number, part: string, finishReason: string | null): MeantEvent => ({
      data: { id: 'p1', object: 'text_completion', choices: [{ index, text: part, finish_reason: finishReason }] },
    })
    return {
      api: 'completions',
      choices,
      usageRequested: false,
      events: [
        ...texts.map(([index, part]) => piece(index % choices, part, null)),
        ...Array.from({ length: choices }, (_, index) => piece(index, '', last)),
        DONE,
      ],
    }
  })

/** `response.done` of some servers comes without a status. */
const STATUS: Readonly<Record<string, object>> = {
  'response.completed': { status: 'completed' },
  'response.incomplete': { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
}

const responses = fc
  .record({
    deltas: fc.array(text, { maxLength: 5 }),
    first: fc.constantFrom(0, 7),
    end: fc.constantFrom('response.completed', 'response.incomplete', 'response.done'),
    calls,
    appendsDone: fc.boolean(),
    isNamed: fc.boolean(),
    usageRequested: fc.boolean(),
  })
  .map(({ deltas, first, end, calls: pieces, appendsDone, isNamed, usageRequested }): Answer => {
    const meant = [
      { type: 'response.created', response: { id: 'r1', model: 'm', status: 'in_progress', usage: null } },
      ...deltas.map((part) => ({ type: 'response.output_text.delta', item_id: 'i1', output_index: 0, delta: part })),
      ...pieces.map((call) => ({
        type: 'response.function_call_arguments.delta',
        item_id: `f${call.index}`,
        output_index: call.index,
        delta: call.function.arguments,
      })),
      {
        type: end,
        response: {
          id: 'r1',
          model: 'm',
          ...STATUS[end],
          usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
        },
      },
    ]
    const events = meant.map((data, i) => ({
      ...(isNamed ? { name: data.type } : {}),
      data: { ...data, sequence_number: first + i },
    }))
    return { api: 'responses', choices: 1, usageRequested, events: [...events, ...(appendsDone ? [DONE] : [])] }
  })

const assistants = fc.array(text, { maxLength: 5 }).map((texts): Answer => ({
  api: 'assistants',
  choices: 1,
  usageRequested: false,
  events: [
    { name: 'thread.run.created', data: { id: 'run_1', object: 'thread.run', status: 'queued' } },
    ...texts.map((value) => ({
      name: 'thread.message.delta',
      data: {
        id: 'msg_1',
        object: 'thread.message.delta',
        delta: { content: [{ index: 0, type: 'text', text: { value } }] },
      },
    })),
    { name: 'thread.run.completed', data: { id: 'run_1', object: 'thread.run', status: 'completed' } },
    { name: 'done', text: '[DONE]' },
  ],
}))

/** A whole answer of any API. */
export const wholeAnswer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: chat },
  { weight: 1, arbitrary: completions },
  { weight: 3, arbitrary: responses },
  { weight: 1, arbitrary: assistants },
)
