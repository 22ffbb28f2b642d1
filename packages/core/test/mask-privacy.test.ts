import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { type ChunkStart, maskChunk } from '../src/raw-chunk/mask.ts'

const frame = (data: string): string => `data: ${data}\n\n`

// Words of letters that no name or framing of the wire has four of in a row.
const word = fc.string({ unit: fc.constantFrom(...Array.from('qzjkQZJKжщ你好語éßक')), minLength: 4, maxLength: 9 })
const bait = fc.constantFrom(
  'data: {',
  'data: {"id":"',
  'data: [DONE]',
  'data: <html>',
  '<html>',
  '<!doctype html>',
  '{"',
  '"}',
  '}{',
  '\n',
  '\n\n',
  '\r\n',
  '\ndata: ',
  '\nevent: ',
  'event: error',
  'event: ',
  '\nid: ',
  ': ',
  'error: {"message":"',
  '{"error":{"message":"',
  '"error":"',
  '{"type":"error","message":"',
  '","id":"',
  '":"',
  '":',
  ',"',
  ' ',
  '.',
  '\\',
  '\\"',
  '\\n',
  '\\u4f60',
  '\u{1f600}',
  '\ufeff',
  '\u2028',
  '\ufffd',
)
const secret = fc
  .array(fc.oneof({ weight: 2, arbitrary: word }, { weight: 3, arbitrary: bait }), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))

const json = (value: unknown): string => JSON.stringify(value)
const chunk = (choice: object): string =>
  frame(
    json({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 17,
      model: 'm',
      choices: [{ index: 0, ...choice }],
    }),
  )
const response = (type: string, rest: object): string =>
  `event: ${type}\n${frame(json({ type, sequence_number: 3, ...rest }))}`

const shapes: readonly ((text: string) => string)[] = [
  (text) => chunk({ delta: { role: 'assistant', content: text }, finish_reason: null }),
  (text) => chunk({ delta: { reasoning: text, reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] } }),
  (text) => chunk({ delta: { content: [{ type: 'text', text }] } }),
  (text) =>
    chunk({
      delta: {
        tool_calls: [
          {
            index: 0,
            id: 'call_1',
            type: 'function',
            function: { name: text, arguments: json({ id: text, [text]: text }) },
          },
        ],
      },
    }),
  (text) =>
    chunk({
      delta: {
        tool_calls: [{ index: 0, function: { arguments: { id: text, error: { message: text }, [text]: [text] } } }],
      },
    }),
  (text) =>
    chunk({
      delta: {},
      logprobs: { content: [{ token: text, logprob: -1, bytes: [65], top_logprobs: [{ token: text }] }] },
    }),
  (text) => chunk({ text, logprobs: { tokens: [text], top_logprobs: [{ [text]: -1 }] }, finish_reason: 'stop' }),
  (text) => response('response.output_text.delta', { item_id: 'msg_1', delta: text, obfuscation: text }),
  (text) =>
    response('response.function_call_arguments.done', { item_id: 'fc_1', arguments: json({ type: text }), name: text }),
  (text) =>
    response('response.output_item.done', {
      item: { id: 'x', type: 'mcp_call', output: text, error: { message: text } },
    }),
  (text) =>
    response('response.completed', {
      response: {
        id: 'r',
        instructions: text,
        metadata: { [text]: text },
        tools: [
          { type: 'function', name: text, parameters: { type: 'object', properties: { [text]: { type: text } } } },
        ],
        output: [
          {
            type: 'message',
            role: 'assistant',
            content: [{ type: 'output_text', text, annotations: [{ type: 'url_citation', url: text, title: text }] }],
          },
        ],
      },
    }),
  (text) =>
    response('response.failed', {
      response: { error: { code: 'server_error', message: 'failed' }, output: [{ content: [{ text }] }] },
    }),
  (text) => `event: error\n${frame(json({ error: { message: 'failed', failed_generation: text, input: [text] } }))}`,
]
const fixedFrames = [
  frame('[DONE]'),
  ': OPENROUTER PROCESSING\n\n',
  'event: ping\ndata: {}\n\n',
  'id: 7\ndata: {"type":"ping"}\n\n',
]

const anyFrame = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...shapes), secret).map(([shape, text]) => shape(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...fixedFrames) },
)
const stream = fc
  .tuple(fc.array(anyFrame, { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([frames, lineEnd]) => frames.join('').replaceAll('\n', lineEnd))
const corruption = fc.option(fc.record({ at: fc.nat(), to: fc.constantFrom(...Array.from('"\\{}[]:,\n\r <x0e')) }))

function corrupt(text: string, change: { at: number; to: string } | null): string {
  if (change === null) return text
  const at = change.at % text.length
  return text.slice(0, at) + change.to + text.slice(at + 1)
}

/** Runs of four letters of the secret alphabet that still show. */
function leaks(masked: string): string[] {
  return masked.match(/[qzjkQZJKжщ你好語éßक]{4,}/g) ?? []
}

function expectNoLeak(text: string, masked: string): void {
  expect({ text, masked, leaks: leaks(masked) }).toEqual({ text, masked, leaks: [] })
}

describe('nothing that was said survives', () => {
  const numRuns = Number(process.env['STREAMGAUGE_MASK_RUNS'] ?? 3000)

  it('in any piece of any stream, with any one character corrupted', () => {
    fc.assert(
      fc.property(stream, corruption, fc.nat(), fc.nat(), (healthy, change, one, other) => {
        const text = corrupt(healthy, change)
        const from = Math.min(one % text.length, other % text.length)
        const to = Math.max(one % text.length, other % text.length) + 1
        const piece = text.slice(from, to)
        expectNoLeak(piece, maskChunk(piece))
      }),
      { numRuns },
    )
  })

  it('in a stream from its beginning, cut anywhere, with any one character corrupted', () => {
    fc.assert(
      fc.property(stream, corruption, fc.nat(), (healthy, change, end) => {
        const text = corrupt(healthy, change).slice(0, 1 + (end % healthy.length))
        expectNoLeak(text, maskChunk(text, 'body'))
      }),
      { numRuns },
    )
  })

  it('from the beginning of any line on, with any one character corrupted', () => {
    fc.assert(
      fc.property(stream, corruption, fc.nat(), (healthy, change, pick) => {
        const starts = [...healthy.matchAll(/(?:\r\n|\n|\r(?!\n))(?=.)/g)].map((match) => match.index + match[0].length)
        const from = starts[pick % Math.max(1, starts.length)] ?? 0
        const text = corrupt(healthy.slice(from), change)
        expectNoLeak(text, maskChunk(text, 'line'))
      }),
      { numRuns },
    )
  })
})

it('any text keeps its length, its line breaks and its quotes', () => {
  const text = fc.oneof(
    stream,
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...Array.from('data: {"}[],\\u0041\nevntrx\r')) }),
  )
  fc.assert(
    fc.property(text, fc.constantFrom<ChunkStart>('body', 'line', 'unknown'), (input, start) => {
      const masked = maskChunk(input, start)
      expect(masked).toHaveLength(input.length)
      expect(masked.replaceAll(/[^\n\r"\\]/g, '.')).toBe(input.replaceAll(/[^\n\r"\\]/g, '.'))
    }),
    { numRuns: 1000 },
  )
})

it('JSON without numbers stays JSON, with as many of everything', () => {
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value')),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value')),
    ),
  }))
  fc.assert(
    fc.property(value, (input) => {
      const data = JSON.stringify({ input })
      const masked = maskChunk(`data: ${data}`).slice('data: '.length)
      expect(typeof JSON.parse(masked)).toBe('object')
      expect(masked.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')).toBe(data.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
    }),
  )
})

it('a line of nothing but beginnings of events is masked without recursion', () => {
  expect(maskChunk('data: {"'.repeat(100_000))).toHaveLength(800_000)
  expect(maskChunk('data: {"a":{}}'.repeat(50_000), 'line')).toHaveLength(700_000)
  expect(maskChunk(`data: ${'['.repeat(200_000)}`)).toHaveLength(200_006)
})
