import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
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
  [
    'beyond 32 brackets nothing shows',
    frame(`${'{"delta":'.repeat(33)}1`),
    frame(`${'{"delta":'.repeat(32)}{"xxxxx":0`),
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
  ['framing cut off shows', 'data: {}\n\ndat', 'data: {}\n\ndat'],
  ['the end of the stream cut off shows', 'data: [DO', 'data: [DO'],
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
    'after JSON that broke in a string, neither HTML nor unknown events show',
    'data: {"text":"a\n\n<html>Bob\n\nevent: bob\n',
    'data: {"text":"x\n\n<xxxx>xxx\n\nevent: xxx\n',
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
  [
    'not an answer’s event that a lost blank line put into an error event',
    'event: error\ndata: {"type":"response.done","name":"Bob"}\n\n',
    'event: error\ndata: {"type":"response.done","name":"xxx"}\n\n',
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
    one.length === other.length && Array.from(one).filter((letter, at) => letter !== other[at]).length === 1

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

const folder = join(import.meta.dirname, '../../../../shared/streams/healthy')
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sse')) : []
const skipped = names.length === 0 ? ' (SKIP: there is no ../shared/streams)' : ''

it(`${names.length} recorded streams keep their structure and show none of their content${skipped}`, () => {
  const content =
    /"(?:content|text|delta|arguments|reasoning|reasoning_content|refusal|output|snippet|description)":\s*"((?:[^"\\]|\\.)*)"/g
  const structure = /"(?:object|choices|finish_reason|sequence_number|usage)":/g
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8')
    const masked = maskChunk(text, 'body')
    const shown = [...masked.matchAll(content)].map((match) => (match[1] ?? '').replaceAll(/\\(?:u0078|.)/g, ''))
    expect({ name, shown: shown.filter((value) => /[^\Wx0_]/.test(value)) }).toEqual({ name, shown: [] })
    expect(masked.match(structure)).toEqual(text.match(structure))
  }
})
