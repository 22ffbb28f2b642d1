import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type ChunkStart, maskChunk } from '../src/raw-chunk/mask.ts'
import { CONTENT_NAMES, HARMLESS_NUMBERS, HARMLESS_STRINGS, STRUCTURE } from '../src/raw-chunk/wire-vocabulary.ts'

const frame = (data: string): string => `data: ${data}\n\n`
const delta = (content: string): string =>
  `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":17,"model":"gpt-5","choices":[{"index":0,"delta":{"role":"assistant","content":${content}},"finish_reason":null}]}`

type Case = [name: string, text: string, masked: string, start?: ChunkStart]

const readable: Case[] = [
  ['framing, names, harmless values and literals stay', frame(delta('null')), frame(delta('null'))],
  ['the model’s words go', frame(delta('"Hi, Bob 42!"')), frame(delta('"xx, xxx 00!"'))],
  ['the end of the stream stays', 'data: [DONE]\n\n', 'data: [DONE]\n\n'],
  ['known comments stay, word by word', ': OPENROUTER PROCESSING\n\n', ': OPENROUTER PROCESSING\n\n'],
  ['times in comments go', ': ping - 2026-06-08 18:49\n\n', ': ping - 0000-00-00 00:00\n\n'],
  ['other comments go', ': hello Bob\n\n', ': xxxxx xxx\n\n'],
  ['known events stay', 'event: response.output_text.delta\n', 'event: response.output_text.delta\n'],
  ['an unknown event goes where the place is unknown', 'event: secret\n', 'event: xxxxxx\n'],
  ['an unknown event stays at the beginning of a line', 'event: secret\n', 'event: secret\n', 'line'],
  ['retry stays', 'retry: 3000\n\n', 'retry: 3000\n\n'],
  [
    'harmless numbers stay, others lose their digits',
    frame('{"index":12,"seed":12,"x_tokens":-1.5e3}'),
    frame('{"index":12,"seed":00,"x_tokens":-1.5e3}'),
  ],
  ['a masked number keeps its shape', frame('{"logprob":-1.25e-7}'), frame('{"logprob":-0.00e-0}')],
  ['a harmless name with an unlikely value is masked', frame('{"model":"my gpt"}'), frame('{"model":"xx xxx"}')],
  [
    'a tool’s arguments are one string',
    frame('{"arguments":"{\\"id\\":\\"Bob\\"}"}'),
    frame('{"arguments":"{\\"xx\\":\\"xxx\\"}"}'),
  ],
  [
    'inside an unknown object neither names nor values show',
    frame('{"arguments":{"id":"Bob","n":[7,true]}}'),
    frame('{"arguments":{"xx":"xxx","x":[0,true]}}'),
  ],
  ['a name that is no identifier goes', frame('{"Bob Smith":1}'), frame('{"xxx xxxxx":0}')],
  ['escapes stay, spelt letters go', frame('{"text":"a\\n\\u4f60\\\\b"}'), frame('{"text":"x\\n\\u0078\\\\x"}')],
  [
    'other scripts, digits and emoji go, punctuation stays',
    frame('{"text":"你好，Ж٣“é”👍🏽"}'),
    frame('{"text":"xx，x0“x”xxxx"}'),
  ],
  [
    'a second event inside a string shows again',
    'data: {"object":"chat.cdata: {"id":"a","x":1}\n\n',
    'data: {"object":"xxxx.xdata: {"id":"a","x":0}\n\n',
  ],
  ['a second value shows again', frame('{"id":"a"}{"id":"b"}'), frame('{"id":"a"}{"id":"b"}')],
  ['after what offends nothing shows', frame('{"id":"a" "id":"b"}'), frame('{"id":"a" "xx":"x"}')],
  ['the next frame shows again', 'data: {"text":"ab\n\ndata: {"id":"b"}', 'data: {"text":"xx\n\ndata: {"id":"b"}'],
  ['a name cut off shows if it is known', 'data: {"finish_rea', 'data: {"finish_rea'],
  ['an unknown name cut off goes', 'data: {"secre', 'data: {"xxxxx'],
  ['a harmless value cut off shows', 'data: {"model":"gpt-5', 'data: {"model":"gpt-5'],
  [
    'a piece that begins inside a string is masked to the next frame',
    'lo Bob","id":"a"}\n\ndata: {"id":"b"}',
    'xx xxx","xx":"x"}\n\ndata: {"id":"b"}',
  ],
  ['JSON may stand on several data lines', 'data: {"id":\ndata: "a"}\n\n', 'data: {"id":\ndata: "a"}\n\n'],
  [
    'an event’s name may follow its data',
    'data: {"text":"a"}\nevent: response.created\n\n',
    'data: {"text":"x"}\nevent: response.created\n\n',
  ],
  [
    'a line break in a string leaves a masked line',
    'data: {"text":"a\nBob\nevent: bob\n',
    'data: {"text":"x\nxxx\nevent: xxx\n',
    'line',
  ],
  [
    'CR and CRLF end lines too',
    'data: {"id":"a"}\r\rdata: {"id":"b"}\r\n\r\n',
    'data: {"id":"a"}\r\rdata: {"id":"b"}\r\n\r\n',
  ],
  [
    'a byte order mark and a leading space don’t hide framing',
    '\ufeffdata: {"id":"a"}\n\n data: {"id":"b"}',
    '\ufeffdata: {"id":"a"}\n\n data: {"id":"b"}',
  ],
]

const errors: Case[] = [
  [
    'an error object',
    frame('{"error":{"message":"Rate limit, Bob","code":429}}'),
    frame('{"error":{"message":"Rate limit, Bob","code":429}}'),
  ],
  ['an error as text', frame('{"error":"no quota"}'), frame('{"error":"no quota"}')],
  [
    'a flat error, whose type comes last',
    frame('{"message":"no quota","type":"error"}'),
    frame('{"message":"no quota","type":"error"}'),
  ],
  [
    'a flat error with an object',
    frame('{"object":"error","message":"no quota"}'),
    frame('{"object":"error","message":"no quota"}'),
  ],
  [
    'an error event',
    'event: error\ndata: {"message":"no quota"}\n\n',
    'event: error\ndata: {"message":"no quota"}\n\n',
  ],
  [
    'an error event with plain text, at the beginning of a line',
    'event: error\ndata: upstream failed\n\n',
    'event: error\ndata: upstream failed\n\n',
    'line',
  ],
  ['a field called error', 'error: {"detail":"no memory"}\n\n', 'error: {"detail":"no memory"}\n\n'],
  [
    'a failed response',
    frame('{"type":"response.failed","response":{"error":{"message":"no quota"},"output":[{"text":"Bob"}]}}'),
    frame('{"type":"response.failed","response":{"error":{"message":"no quota"},"output":[{"text":"xxx"}]}}'),
  ],
  [
    'not what an error quotes of the model',
    frame('{"error":{"message":"bad","failed_generation":"Bob"}}'),
    frame('{"error":{"message":"bad","failed_generation":"xxx"}}'),
  ],
  ['not a tool’s error', frame('{"item":{"error":{"message":"Bob"}}}'), frame('{"item":{"error":{"xxxxxxx":"xxx"}}}')],
  ['a message without a mark of an error is masked', frame('{"message":"hello"}'), frame('{"message":"xxxxx"}')],
  ['a JSON body that is an error', '{"detail":"Not Found"}', '{"detail":"Not Found"}', 'body'],
  [
    'a JSON body that is an error, on many lines',
    '{\n "error": {\n  "message": "no route"\n }\n}\n',
    '{\n "error": {\n  "message": "no route"\n }\n}\n',
    'body',
  ],
  ['a JSON body that is an answer is masked', '{"id":"a","message":"hello"}', '{"id":"a","message":"xxxxx"}', 'body'],
  ['an HTML page', '<html>\n\n<h1>502 Bad Gateway</h1>\n', '<html>\n\n<h1>502 Bad Gateway</h1>\n', 'body'],
  [
    'an HTML page after a healthy frame',
    'data: {"id":"a"}\n\n<html>Bad</html>',
    'data: {"id":"a"}\n\n<html>Bad</html>',
  ],
  ['an HTML page in an event', 'data: <html>Bad</html>\n\n', 'data: <html>Bad</html>\n\n', 'line'],
  ['a page that may be the model’s own is masked', '<html>Bad</html>', '<xxxx>xxx</xxxx>'],
  ['plain text may be the model’s own', 'Hello\n', 'xxxxx\n', 'body'],
]

describe('maskChunk', () => {
  it.each(readable)('%s', (_name, text, masked, start = 'unknown') => {
    expect(maskChunk(text, start)).toBe(masked)
  })
})

describe('errors stay readable', () => {
  it.each(errors)('%s', (_name, text, masked, start = 'unknown') => {
    expect(maskChunk(text, start)).toBe(masked)
  })
})

describe('the vocabulary', () => {
  const opaque = ['arguments', 'input', 'parameters', 'schema', 'properties', 'metadata', 'top_logprobs', 'args']
  const isOneLetterOff = (one: string, other: string): boolean =>
    one.length === other.length && [...one].filter((letter, at) => letter !== other[at]).length === 1

  it('no harmless name is one changed letter away from a name of content', () => {
    const pairs = [...HARMLESS_STRINGS, ...HARMLESS_NUMBERS].flatMap((harmless) =>
      [...CONTENT_NAMES, ...opaque].filter((name) => name === harmless || isOneLetterOff(name, harmless)),
    )
    expect(pairs).toEqual([])
  })
  it('no name of structure is one changed letter away from a name of foreign objects', () => {
    expect(
      [...STRUCTURE].filter((name) => opaque.some((other) => name === other || isOneLetterOff(name, other))),
    ).toEqual([])
  })
})

// Words of letters that no name or framing of the wire has four of in a row.
const word = fc.string({ unit: fc.constantFrom(...'qzjkQZJKжщ你好語éßक'), minLength: 4, maxLength: 9 })
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
const corruption = fc.option(fc.record({ at: fc.nat(), to: fc.constantFrom(...'"\\{}[]:,\n\r <x0e') }))

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
    fc.string({ unit: fc.constantFrom(...'data: {"}[],\\u0041\nevntrx\r') }),
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
      const data = JSON.stringify(input)
      const masked = maskChunk(`data: ${data}`).slice('data: '.length)
      expect(typeof JSON.parse(masked)).toBe(typeof input)
      expect(masked.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')).toBe(data.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
    }),
  )
})

it('a line of nothing but beginnings of events is masked without recursion', () => {
  expect(maskChunk('data: {"'.repeat(100_000))).toHaveLength(800_000)
  expect(maskChunk('data: {"a":{}}'.repeat(50_000), 'line')).toHaveLength(700_000)
  expect(maskChunk(`data: ${'['.repeat(200_000)}`)).toHaveLength(200_006)
})

describe('recorded streams', () => {
  const folder = join(import.meta.dirname, '../../../../shared/streams/healthy')
  if (!existsSync(folder)) {
    it.skip('SKIP: ../shared/streams is absent', () => {})
    return
  }
  it.each(readdirSync(folder).filter((name) => name.endsWith('.sse')))('%s shows none of its content', (name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    const masked = maskChunk(text, 'body')
    const pattern =
      /"(?:content|text|delta|arguments|reasoning|reasoning_content|refusal|output|snippet|description)":\s*"((?:[^"\\]|\\.)*)"/g
    const shown = [...masked.matchAll(pattern)].map((match) => (match[1] ?? '').replaceAll(/\\(?:u0078|.)/g, ''))
    expect(shown.filter((value) => /[^\Wx0_]/.test(value))).toEqual([])
    expect(masked.match(/"(?:object|choices|finish_reason|sequence_number|usage)":/g)).toEqual(
      text.match(/"(?:object|choices|finish_reason|sequence_number|usage)":/g),
    )
  })
})
