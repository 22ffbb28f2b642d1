import fc from 'fast-check'
import type { FuzzCase } from '../apps/fuzz-consumer.ts'
import type { FuzzBody } from '../apps/fuzz-body.ts'
import type { AbortReason, FuzzProgram, FuzzStep } from '../apps/fuzz-program.ts'

const DONE = 'data: [DONE]\n\n'

function chat(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices })}\n\n`
}

function response(type: string, number: number, extra: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...extra })}\n\n`
}

const CHAT = [chat({ role: 'assistant', content: '' }), chat({ content: 'Hello 世界 🌊' }), chat({}, 'stop')]
const RESPONSES = [
  response('response.created', 0, { response: { id: 'r1', status: 'in_progress' } }),
  response('response.output_text.delta', 1, { delta: 'Hello 🌊' }),
  response('response.completed', 2, { response: { id: 'r1', status: 'completed' } }),
]

/** What may stand between. */
const ODD = [
  DONE,
  ': ping\n\n',
  'event: ping\n\n',
  'data:\n\n',
  'data: {"error":{"message":"overloaded","code":"x"}}\n\n',
  'event: error\ndata: {"type":"error","code":"server_error","message":"boom"}\n\n',
  'event: error\ndata: upstream failed\n\n',
  'data: {"choices":[{"del\n\n',
  'data: {"a":1}\ndata: {"b":2}\n\n',
  'data: [DONE] \n\n',
  'data: null\n\n',
  '<html>\n<h1>502</h1>\n',
  '\n',
  'data: {"type":"response.failed","response":{"status":"failed","error":{"code":"x"}}}\n\n',
]

function splice<T>(list: readonly T[], at: number, what: readonly T[]): T[] {
  const place = at % (list.length + 1)
  return [...list.slice(0, place), ...what, ...list.slice(place)]
}

/** A body in pieces; mostly whole, sometimes with something odd inside, or cut. */
const reads = fc
  .record({
    api: fc.constantFrom<FuzzCase['api']>('chat', 'chat', 'responses'),
    more: fc.nat(2),
    endsWithDone: fc.boolean(),
    odd: fc.array(fc.tuple(fc.nat(8), fc.constantFrom(...ODD)), { maxLength: 2 }),
    isOdd: fc.boolean(),
    cutAt: fc.option(fc.nat(700), { nil: undefined, freq: 4 }),
    lineEnd: fc.constantFrom('\n', '\n', '\r\n', '\r'),
    cuts: fc.array(fc.nat(700), { maxLength: 8 }),
  })
  .map(({ api, more, endsWithDone, odd, isOdd, cutAt, lineEnd, cuts }) => {
    const [first = '', middle = '', last = ''] = api === 'chat' ? CHAT : RESPONSES
    let events = [first, ...Array.from({ length: more }, () => middle), last, ...(endsWithDone ? [DONE] : [])]
    if (isOdd) for (const [at, what] of odd) events = splice(events, at, [what])
    const bytes = Buffer.from(events.join('').replaceAll('\n', lineEnd)).subarray(0, cutAt)
    const borders = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].toSorted(
      (a, b) => a - b,
    )
    const pieces = borders.slice(1).map((end, i) => bytes.subarray(borders[i], end).toString('base64'))
    return { api, reads: pieces }
  })

const reason = fc.constantFrom<AbortReason>('none', 'error', 'timeout', 'text')
const on = fc.nat(1)
const step: fc.Arbitrary<FuzzStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('next' as const), on, times: fc.constantFrom(1, 1, 1, 2, 3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('float' as const), on }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('return' as const, 'throw' as const), on }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('abort' as const),
      by: fc.constantFrom('signal' as const, 'controller' as const),
      reason,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), turns: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'again' as const }) },
)

const program: fc.Arbitrary<FuzzProgram> = fc.record({
  via: fc.constantFrom<FuzzProgram['via']>('iterator', 'iterator', 'loop', 'loop', 'tee', 'readable', 'raw', 'nothing'),
  steps: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(step, { maxLength: 7 }) },
  ),
  drains: fc.boolean(),
})

/** Any body, and any consumer of it. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc
  .record({
    what: reads,
    end: fc.constantFrom<FuzzBody['end']>(
      'close',
      'close',
      'close',
      'reset',
      'premature',
      'protocol',
      'timeout',
      'bare',
    ),
    turns: fc.array(fc.nat(2), { maxLength: 3 }),
    heedsAbort: fc.boolean(),
    isIterable: fc.constantFrom(false, false, false, true),
    program,
  })
  .map(({ what, end, turns, heedsAbort, isIterable, program: run }) => ({
    api: what.api,
    body: { reads: what.reads, end, turns, heedsAbort, isIterable },
    program: run,
  }))
