import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '../src/index.ts'
import { askChat, askResponses, parseAnswer, requestRaw, type ParsedAnswer, type RawAnswer } from './raw-client.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({ timeScale: 0, settleMs: 10, holdMs: 50 })
})
afterAll(() => server.close())

type Claim = readonly [
  name: string,
  claim: string,
  end: 'fin' | 'reset',
  /** Whether HTTP's framing is content. */
  isWhole: boolean,
  /** What the body is, all of it. */
  body: RegExp,
]

const EVENT = String.raw`data: \{[^\n]+\}\n\n`
const TWO_DELTAS = `(${EVENT}){3}`
const ANSWER = String.raw`(${EVENT})+data: \[DONE\]\n\n`
const match = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join('')}$`)
const HALF = String.raw`data: \{"id":"chatcmpl[^\n]+`

const CHAT: readonly Claim[] = [
  ['cut_inside_event', 'ends inside a data line, as HTTP demands', 'fin', true, match(TWO_DELTAS, HALF)],
  ['cut_between_events', 'ends after a whole event, before the last chunk', 'fin', false, match(TWO_DELTAS)],
  ['close_inside_event', 'ends inside a data line, before the last chunk', 'fin', false, match(TWO_DELTAS, HALF)],
  ['cut_until_close', 'ends inside a data line, where the body ends with FIN', 'fin', true, match(`(${EVENT})+`, HALF)],
  ['no_done', 'ends after a whole event, without finish reason or [DONE]', 'fin', true, match(TWO_DELTAS)],
  ['reset_inside_event', 'ends inside a data line by RST', 'reset', false, match(TWO_DELTAS, HALF)],
  ['short_content_length', 'ends before Content-Length', 'fin', false, match(`(${EVENT})+`, HALF)],
  ['bad_chunk_framing', 'has a chunk size of zz', 'fin', false, match(TWO_DELTAS)],
  ['empty_body', 'has no byte', 'fin', true, match('')],
  ['only_comments', 'has comments alone', 'fin', true, match(String.raw`(: keep-alive\n\n){3}`)],
  ['html_page', 'is HTML', 'fin', true, match('<html>[^]*</html>\r\n')],
  ['json_error_page', 'is a JSON error', 'fin', true, match(String.raw`\{"error":\{.*\}\}`)],
  ['stream_ignored', 'is one JSON answer', 'fin', true, match(String.raw`\{.*"object":"chat.completion".*\}`)],
  ['ndjson', 'is one JSON document per line', 'fin', true, match(String.raw`(\{[^\n]+\}\n)+`)],
  ['cut_json', 'has an event of half a JSON text', 'fin', true, match(TWO_DELTAS, HALF, String.raw`\n\n`, ANSWER)],
  [
    'split_by_blank_line',
    'has a blank line in the middle of the JSON',
    'fin',
    true,
    match(TWO_DELTAS, HALF, String.raw`\n\n[^\n]+\}\n\n`, ANSWER),
  ],
  [
    'two_objects',
    'has }{ on a data line',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`data: \{[^\n]+\}\{"id"[^\n]+\}\n\n`, ANSWER),
  ],
  ['interleaved_events', 'has data: inside a data line', 'fin', true, match(TWO_DELTAS, HALF, EVENT, ANSWER)],
  [
    'joined_events',
    'has two data lines in one event',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`(data: \{[^\n]+\}\n){2}\n`, ANSWER),
  ],
  [
    'raw_newline',
    'has a newline in the text',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`data: \{[^\n]+"content":" \n\w+"\}[^\n]+\n\n`, ANSWER),
  ],
  [
    'not_json',
    'has plain text in an event',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`data: upstream connect [^\n]+\n\n`, ANSWER),
  ],
  [
    'html_as_event',
    'has a page on a data line',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`data: <html>[^\n]+</html>\n\n`, ANSWER),
  ],
  ['html_mid_stream', 'has a page, then a blank line', 'fin', true, match(TWO_DELTAS, '<html>[^]+</html>\r\n\r\n')],
  ['empty_event', 'has an event without data', 'fin', true, match(TWO_DELTAS, String.raw`event: ping\n\n`, ANSWER)],
  ['unterminated_event', 'ends after one newline', 'fin', true, match(TWO_DELTAS, String.raw`data: \{[^\n]+\}\n`)],
  [
    'upstream_error',
    'ends in an error object',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`data: \{"error":\{[^\n]+\}\}\n\n`),
  ],
  [
    'upstream_error_event',
    'ends in an event named error',
    'fin',
    true,
    match(TWO_DELTAS, String.raw`event: error\ndata: \{"error":\{[^\n]+\}\}\n\n`),
  ],
  ['http_401', 'is a JSON error', 'fin', true, match(String.raw`\{"error":\{.*"invalid_api_key"\}\}`)],
  ['http_403_html', 'is HTML', 'fin', true, match('<html>[^]*403 Forbidden[^]*</html>\r\n')],
  ['http_404', 'is a JSON error', 'fin', true, match(String.raw`\{"error":\{.*Invalid URL.*\}\}`)],
  ['retry_after_503', 'is a JSON error at first', 'fin', true, match(String.raw`\{"error":\{.*\}\}`)],
  ['http_500', 'is a JSON error', 'fin', true, match(String.raw`\{"error":\{.*\}\}`)],
  ['http_429', 'is a JSON error', 'fin', true, match(String.raw`\{"error":\{.*\}\}`)],
  ['http_502', 'is HTML', 'fin', true, match('<html>[^]*</html>\r\n')],
  ['stall_then_continue', 'is the whole answer', 'fin', true, match(ANSWER)],
  ['stall_then_close', 'ends after a whole event, before the last chunk', 'fin', false, match(TWO_DELTAS)],
  ['stall_forever', 'stops after a whole event', 'fin', false, match(TWO_DELTAS)],
  ['hang_after_done', 'is the whole answer, without the last chunk', 'fin', false, match(ANSWER)],
  ['late_reset', 'is the whole answer, then RST', 'reset', false, match(ANSWER)],
  ['late_close', 'is the whole answer, without the last chunk', 'fin', false, match(ANSWER)],
  ['late_data', 'has an event after [DONE]', 'fin', true, match(ANSWER, EVENT)],
  ['buffered', 'is the whole answer', 'fin', true, match(ANSWER)],
  ['coalesced', 'is the whole answer', 'fin', true, match(ANSWER)],
  [
    'invalid_utf8',
    'has bytes that no reader can decode',
    'fin',
    true,
    match(`(${EVENT})+`, String.raw`data: \{[^\n]+�[^\n]+\n\n`, ANSWER),
  ],
  ['usage_missing', 'is the whole answer', 'fin', true, match(ANSWER)],
  ['cut_tool_arguments', 'is the whole answer', 'fin', true, match(ANSWER)],
]

it.each(CHAT)('%s %s', async (name, _, end, isWhole, body) => {
  const answer = await askChat(server.port, `fault:${name}`)
  const parsed = parseAnswer(answer)
  expect(parsed.body).toMatch(body)
  expect({ end: answer.end, isWhole: parsed.isWhole }).toEqual({ end, isWhole })
})

it.each([
  ['slow_headers', 'fin'],
  ['close_before_headers', 'fin'],
  ['reset_before_headers', 'reset'],
] as const)('%s sends no byte before its %s', async (name, end) => {
  const answer = await askChat(server.port, `fault:${name}`)
  expect(answer).toEqual({ bytes: Buffer.alloc(0), end })
})

describe('the bytes of', () => {
  const ask = async (name: string): Promise<ParsedAnswer> => parseAnswer(await askChat(server.port, `fault:${name}`))

  it('short_content_length promise more than comes', async () => {
    const { head, raw } = await ask('short_content_length')
    expect(Number(/content-length: (\d+)/.exec(head)?.[1])).toBeGreaterThan(raw.length)
  })

  it('bad_chunk_framing have zz where a size belongs', async () => {
    expect((await ask('bad_chunk_framing')).raw.toString()).toMatch(/\}\n\n\r\nzz\r\ndata: \{\}\n\n\r\n$/)
  })

  it('html_page and http_502 are labelled as HTML', async () => {
    expect((await ask('html_page')).head).toMatch(/^HTTP\/1\.1 200 [^]*content-type: text\/html\r\n/)
    expect((await ask('http_502')).head).toMatch(/^HTTP\/1\.1 502 [^]*content-type: text\/html\r\n/)
  })

  it('http_429 say when to come back', async () => {
    expect((await ask('http_429')).head).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: 1\r\nretry-after-ms: 10\r\n/)
  })

  it('invalid_utf8 are ff f0 9f 8c inside a string', async () => {
    const { raw } = await ask('invalid_utf8')
    expect(raw.includes(Buffer.from('"content":" \u00ff\u00f0\u009f\u008c', 'latin1'))).toBe(true)
  })

  it.each(['truncated_gzip', 'corrupt_gzip'])('%s are labelled as gzip and whole for HTTP', async (name) => {
    const { head, isWhole, chunks } = await ask(name)
    expect(head).toContain('content-encoding: gzip\r\n')
    expect(isWhole).toBe(true)
    expect(chunks[0]?.subarray(0, 3)).toEqual(Buffer.from([0x1f, 0x8b, 0x08]))
  })

  it.each([
    ['truncated_gzip', gunzipSync, constants.Z_SYNC_FLUSH],
    ['truncated_deflate', inflateSync, constants.Z_SYNC_FLUSH],
    ['truncated_brotli', brotliDecompressSync, constants.BROTLI_OPERATION_FLUSH],
  ] as const)('%s decompress to an event that is cut', async (name, decompress, finishFlush) => {
    const { chunks, isWhole } = await ask(name)
    const bytes = Buffer.concat(chunks)
    expect(decompress(bytes, { finishFlush }).toString()).toMatch(match(`(${EVENT})+`, HALF))
    expect(() => decompress(bytes)).toThrow('unexpected end of file')
    expect(isWhole).toBe(true)
  })

  it.each([
    ['corrupt_gzip', gunzipSync, 'Z_DATA_ERROR'],
    ['corrupt_brotli', brotliDecompressSync, 'ERR__ERROR_FORMAT_RESERVED'],
  ] as const)('%s are whole events, and then %s', async (name, decompress, code) => {
    const { chunks } = await ask(name)
    expect(() => decompress(Buffer.concat(chunks))).toThrow(expect.objectContaining({ code }))
    const good = decompress(Buffer.concat(chunks.slice(0, -1)), {
      finishFlush: name === 'corrupt_gzip' ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_FLUSH,
    })
    expect(good.toString()).toMatch(match(`(${EVENT})+`))
  })

  it('gzip_flushed_late are one HTTP chunk that is the whole answer', async () => {
    const { chunks } = await ask('gzip_flushed_late')
    expect(chunks).toHaveLength(1)
    expect(gunzipSync(chunks[0] ?? '').toString()).toMatch(match(ANSWER))
  })

  it('retry_after_503 say when to come back, and are the whole answer to the second attempt', async () => {
    expect((await ask('retry_after_503')).head).toMatch(/^HTTP\/1\.1 503 [^]*retry-after-ms: 10\r\n/)
    const again = (body: object): Promise<RawAnswer> =>
      requestRaw(server.port, { headers: { 'x-stainless-retry-count': '1' }, body })
    const request = { model: 'fault:retry_after_503' }
    expect(parseAnswer(await again({ ...request, stream: true })).body).toMatch(match(ANSWER))
    expect(JSON.parse(parseAnswer(await again(request)).body)).toMatchObject({ object: 'chat.completion' })
  })

  it('coalesced are ten events per HTTP chunk', async () => {
    const [chunk] = (await ask('coalesced')).chunks
    expect(chunk?.toString().match(/^data: /gm)).toHaveLength(10)
  })

  it('buffered are one HTTP chunk', async () => expect((await ask('buffered')).chunks).toHaveLength(1))
})

describe('the sequence numbers of', () => {
  const ask = async (name: string): Promise<readonly number[]> => {
    const { body } = parseAnswer(await askResponses(server.port, `fault:${name}`))
    return Array.from(body.matchAll(/"sequence_number":(\d+)/g), ([, number]) => Number(number))
  }
  const steps = (numbers: readonly number[]): readonly number[] =>
    numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0))

  it('responses_sequence_gap leave one out', async () => {
    expect(steps(await ask('responses_sequence_gap')).filter((step) => step !== 1)).toEqual([2])
  })

  it('responses_sequence_repeat have one twice', async () => {
    expect(steps(await ask('responses_sequence_repeat')).filter((step) => step !== 1)).toEqual([0])
  })

  it('upstream_error_event go on in the error', async () => {
    expect(new Set(steps(await ask('upstream_error_event')))).toEqual(new Set([1]))
  })
})

describe('a Responses stream', () => {
  const ask = async (name: string): Promise<string> =>
    parseAnswer(await askResponses(server.port, `fault:${name}`)).body

  it('of responses_no_completed ends in response.output_item.done', async () => {
    const body = await ask('responses_no_completed')
    expect(body).toMatch(/event: response\.output_item\.done\ndata: [^\n]+\n\n$/)
  })

  it('of responses_failed ends in response.failed with its error', async () => {
    const body = await ask('responses_failed')
    expect(body).toMatch(/event: response\.failed\ndata: [^\n]+"error":\{"code":"server_error"[^\n]+\n\n$/)
  })

  it('of upstream_error_event ends in the flat shape that is documented', async () => {
    const body = await ask('upstream_error_event')
    expect(body).toMatch(/event: error\ndata: \{"type":"error","code":"server_error",[^\n]+\n\n$/)
  })
})
