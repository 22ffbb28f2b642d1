import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import type { Replay, Replayed } from './apps/replay.ts'
import { chatEvent, HELLO, MAJORS, replay, requestSpan, sse } from './replay.ts'

const LIMIT_MS = 60_000
/** What the model says here, and nothing else says. */
const WORDS = ['Quicksilver', 'marmalade', 'Zanzibar', 'überraschung', '流れ', 'Xylophone42']
const SAYING = WORDS.join(' ')
const KEY = 'sk-proj-Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8'

const malformed = (text: string): string =>
  `data: {"id":"chatcmpl-7","choices":[{"index":0,"delta":{"content":"${text}"},}]}\n\n`

/** One stream for each way of breaking, with the words in what broke, before it and after it. */
const BROKEN: Readonly<Record<string, Partial<Replay> & Pick<Replay, 'reads'>>> = {
  cut: { reads: [...HELLO.slice(0, 1), chatEvent({ content: SAYING }), chatEvent({ content: SAYING }).slice(0, -30)] },
  'cut inside a word': {
    reads: [...HELLO.slice(0, 1), chatEvent({ content: `${SAYING} Quicksil` }).split('Quicksil"')[0] + 'Quicksil'],
  },
  malformed: { reads: [...HELLO.slice(0, 1), chatEvent({ content: SAYING }), malformed(SAYING)] },
  reset: { reads: [...HELLO.slice(0, 1), chatEvent({ content: SAYING }).slice(0, -30)], end: 'reset' },
  'missing terminator': { reads: [...HELLO.slice(0, 1), chatEvent({ content: SAYING })] },
  'two in one': { reads: [`${chatEvent({ content: SAYING }).trimEnd()}${chatEvent({ content: SAYING })}`] },
  'raw newline': { reads: [chatEvent({ content: `${SAYING}@${SAYING}` }).replace('@', '\n')] },
  'reasoning and tools': {
    reads: [
      chatEvent({
        reasoning_content: SAYING,
        tool_calls: [{ index: 0, function: { name: 'f', arguments: SAYING } }],
      }).slice(0, -40),
    ],
  },
  responses: {
    api: 'responses',
    reads: [sse({ type: 'response.output_text.delta', sequence_number: 1, item_id: 'i', delta: SAYING }).slice(0, -4)],
  },
  'an answer that was not streamed': {
    reads: [
      JSON.stringify({ id: 'chatcmpl-7', object: 'chat.completion', choices: [{ message: { content: SAYING } }] }),
    ],
    headers: { 'content-type': 'application/json' },
  },
}

/** Everything that went out, as one text; the prompt's words would be in it too. */
const everything = ({ spans, logs, metrics }: Replayed): string => JSON.stringify({ spans, logs, metrics })

const rawOf = (done: Replayed): string => String(requestSpan(done).attributes[ATTR.CHUNK_RAW])

describe.each(MAJORS)('openai %i: masked, which is the default', (major) => {
  it.each(Object.entries(BROKEN))(
    'nothing that the model said is in any telemetry: %s',
    async (_, what) => {
      const done = await replay({ major, ...what })
      const { attributes } = requestSpan(done)
      expect(attributes).toHaveProperty([GEN_AI.ERROR_TYPE])
      expect(attributes).toHaveProperty([ATTR.CHUNK_RAW])
      const told = everything(done)
      for (const word of [
        ...WORDS,
        'secret prompt',
        'Quicksil',
        ...WORDS.map((text) => text.slice(0, 4)).filter((text) => /^[\w]{4}/.test(text)),
      ]) {
        expect(told).not.toContain(word)
      }
      // The prompt is told neither.
      expect(told).not.toContain('prompt')
    },
    LIMIT_MS,
  )

  it(
    'framing, structure and harmless values are kept, so that one sees where it was cut',
    async () => {
      const raw = rawOf(
        await replay({ major, ...BROKEN['cut'], reads: [chatEvent({ content: 'Hello, world 7!' }).slice(0, -28)] }),
      )
      expect(raw).toMatch(
        /^data: \{"id":"chatcmpl-7","object":"chat\.completion\.chunk",.*"model":"gpt-test-2026",.*"content":"xxxxx, xxxxx 0/,
      )
    },
    LIMIT_MS,
  )

  it(
    'an HTML page and an error object stay readable',
    async () => {
      const page = '<html><body>Access denied by gateway-7</body></html>'
      const html = await replay({ major, reads: [page], headers: { 'content-type': 'text/html' } })
      expect(rawOf(html)).toBe(page)
      const error = { error: { message: 'The engine is overloaded', type: 'server_error', code: 'overloaded' } }
      const upstream = await replay({ major, reads: [HELLO[0] ?? '', sse(error)] })
      expect(requestSpan(upstream).attributes).toHaveProperty([GEN_AI.ERROR_TYPE], 'upstream_error')
      expect(rawOf(upstream)).toContain('The engine is overloaded')
    },
    LIMIT_MS,
  )
})

describe.each(MAJORS)('openai %i: rawChunk', (major) => {
  it.each([
    ['the option', { options: { rawChunk: 'full' } }, {}],
    ['STREAMGAUGE_RAW_CHUNK', {}, { STREAMGAUGE_RAW_CHUNK: 'full' }],
    ['content capture of the conventions', {}, { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }],
  ] as const)(
    "'full' by %s records the chunk as it came",
    async (_, what, env) => {
      const reads = BROKEN['malformed']?.reads ?? []
      const done = await replay({ major, reads, ...what }, env)
      expect(rawOf(done)).toBe(reads.at(-1))
      const digest = createHash('sha256').update(rawOf(done)).digest('hex')
      expect(requestSpan(done).attributes).toHaveProperty([ATTR.CHUNK_SHA256], digest)
    },
    LIMIT_MS,
  )

  it(
    "'off' records where the chunk stood and nothing of it, not even its hash",
    async () => {
      const done = await replay({ major, reads: BROKEN['malformed']?.reads ?? [], options: { rawChunk: 'off' } })
      const keys = Object.keys(requestSpan(done).attributes).filter((key) => key.startsWith('streamgauge.chunk.'))
      expect(keys.toSorted()).toEqual([ATTR.CHUNK_INDEX, ATTR.CHUNK_OFFSET, ATTR.CHUNK_SIZE].toSorted())
      for (const word of WORDS) expect(everything(done)).not.toContain(word)
    },
    LIMIT_MS,
  )

  it.each(['masked', 'full'] as const)(
    "'%s' replaces API keys and bearer tokens",
    async (rawChunk) => {
      const reads = [
        `data: {"error_of_proxy": "Incorrect API key ${KEY}, Authorization: Bearer abcdef0123456789abcdef",}\n\n`,
      ]
      const done = await replay({ major, reads, options: { rawChunk } })
      expect(everything(done)).not.toContain(KEY)
      expect(everything(done)).not.toContain('abcdef0123456789abcdef')
      expect(everything(done)).not.toContain('sk-proj-test')
    },
    LIMIT_MS,
  )

  it.each(['masked', 'full'] as const)(
    "'%s' is no longer than the maximum, and says that something was left out",
    async (rawChunk) => {
      const reads = [malformed(`${SAYING} `.repeat(100))]
      const done = await replay({ major, reads, options: { rawChunk, maxRawChunkBytes: 300 } })
      expect(Buffer.byteLength(rawOf(done))).toBeLessThanOrEqual(300)
      expect(rawOf(done)).toMatch(/…\[\d+ bytes left out\]…/)
      expect(requestSpan(done).attributes).toMatchObject({
        [ATTR.CHUNK_TRUNCATED]: true,
        [ATTR.CHUNK_SIZE]: Buffer.byteLength(reads[0] ?? ''),
      })
    },
    LIMIT_MS,
  )

  it(
    'is 1024 bytes at most by default',
    async () => {
      const done = await replay({ major, reads: [malformed('word '.repeat(4000))] })
      expect(Buffer.byteLength(rawOf(done))).toBeLessThanOrEqual(1024)
      expect(Buffer.byteLength(rawOf(done))).toBeGreaterThan(900)
    },
    LIMIT_MS,
  )

  it(
    'of a chunk larger than the recorder says that its beginning is not held',
    async () => {
      const long = chatEvent({ content: 'word '.repeat(10_000) })
      const reads = Array.from({ length: 40 }, (_, index) => long.slice(index * 1000, index * 1000 + 1000))
      const done = await replay({ major, reads, options: { recorderBytes: 4096 } })
      const { attributes } = requestSpan(done)
      expect(attributes).toMatchObject({
        [GEN_AI.ERROR_TYPE]: 'truncated_event',
        [ATTR.CHUNK_TRUNCATED]: true,
        [ATTR.CHUNK_SIZE]: 40_000,
      })
      expect(Number(attributes[ATTR.CHUNK_OFFSET])).toBeGreaterThan(30_000)
      expect(everything(done)).not.toContain('word')
    },
    LIMIT_MS,
  )

  it(
    'that is not UTF-8 goes out in base64, masked all the same',
    async () => {
      const head = Buffer.from('data: {"id":"chatcmpl-7","choices":[{"index":0,"delta":{"content":"Quicksilver ')
      const bytes = Buffer.concat([head, Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]), Buffer.from('marmalade')])
      const done = await replay({ major, reads: [HELLO[0] ?? '', { base64: bytes.toString('base64') }] })
      expect(requestSpan(done).attributes).toHaveProperty([ATTR.CHUNK_ENCODING], 'base64')
      const raw = Buffer.from(rawOf(done), 'base64').toString('latin1')
      expect(raw).toMatch(/^data: \{"id":"chatcmpl-7"/)
      expect(raw).not.toMatch(/Quick|marma/)
    },
    LIMIT_MS,
  )

  it(
    'marks the place where it broke',
    async () => {
      const done = await replay({ major, reads: [HELLO[0] ?? '', malformed('Hello')] })
      const at = Number(requestSpan(done).attributes[ATTR.CHUNK_BREAK])
      expect(rawOf(done).slice(0, at)).toMatch(/"delta":\{"content":"xxxxx"\},$/)
      expect(rawOf(done).slice(at)).toMatch(/^\}\]\}/)
      const two = await replay({ major, reads: [BROKEN['two in one']?.reads[0] ?? ''] })
      const second = Number(requestSpan(two).attributes[ATTR.CHUNK_BREAK])
      expect(rawOf(two).slice(second)).toMatch(/^data: \{"id":"chatcmpl-7"/)
      expect(second).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )
})

describe.each(MAJORS)('openai %i: a redact hook', (major) => {
  it(
    'gets the masked text and the code, and its answer is what is recorded, everywhere',
    async () => {
      const done = await replay({ major, reads: BROKEN['malformed']?.reads ?? [], redact: 'shout' })
      expect(done.redacted).toEqual([
        { text: expect.stringContaining('"content":"xxxxxxxxxxx xxxxxxxxx'), code: 'malformed_event' },
      ])
      expect(rawOf(done)).toBe('REDACTED malformed_event')
      expect(done.logs[0]?.attributes).toHaveProperty([ATTR.CHUNK_RAW], 'REDACTED malformed_event')
      expect(requestSpan(done).attributes).not.toHaveProperty([ATTR.CHUNK_BREAK])
    },
    LIMIT_MS,
  )

  it(
    'gets the words where all is recorded, without the secrets',
    async () => {
      const reads = [malformed(`${SAYING} ${KEY}`)]
      const done = await replay({ major, reads, options: { rawChunk: 'full' }, redact: 'shout' })
      expect(done.redacted[0]?.text).toContain('Quicksilver')
      expect(done.redacted[0]?.text).not.toContain(KEY)
      expect(everything(done)).not.toContain('Quicksilver')
    },
    LIMIT_MS,
  )

  it.each(['throw', 'number'] as const)(
    'that fails (%s) lets nothing through, and the application is not affected',
    async (redact) => {
      const reads = BROKEN['malformed']?.reads ?? []
      const done = await replay({ major, reads, options: { rawChunk: 'full' }, redact })
      const bare = await replay({ major, reads, options: { enabled: false } })
      expect({ chunks: done.chunks, thrown: done.thrown }).toEqual({ chunks: bare.chunks, thrown: bare.thrown })
      expect(requestSpan(done).attributes).not.toHaveProperty([ATTR.CHUNK_RAW])
      expect(requestSpan(done).attributes).toMatchObject({
        [GEN_AI.ERROR_TYPE]: 'malformed_event',
        [ATTR.CHUNK_INDEX]: 2,
      })
      expect(everything(done)).not.toContain('Quicksilver')
      if (redact === 'throw') expect(done.diag).toEqual([expect.stringContaining('the redact hook failed')])
    },
    LIMIT_MS,
  )
})
