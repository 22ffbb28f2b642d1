import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HEALTHY, speaks, startFaultServer, type FaultServer } from '../src/index.ts'
import { askChat, askResponses, parseAnswer, type ParsedAnswer } from './raw-client.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({ timeScale: 0 })
})
afterAll(() => server.close())

const ask = async (name: string): Promise<ParsedAnswer> => parseAnswer(await askChat(server.port, `healthy:${name}`))
const split = (body: string, blankLine: string): readonly string[] => body.split(blankLine).slice(0, -1)

it.each(HEALTHY.map((injector) => [injector.name, injector] as const))(
  '%s is whole for HTTP',
  async (name, injector) => {
    const answer = await (speaks(injector, 'chat') ? askChat : askResponses)(server.port, `healthy:${name}`)
    expect(answer.end).toBe('fin')
    expect(parseAnswer(answer)).toMatchObject({ status: 200, isWhole: true })
  },
)

describe('the spelling of', () => {
  it('plain is one event per HTTP chunk', async () => {
    for (const chunk of (await ask('plain')).chunks) expect(chunk.toString()).toMatch(/^data: [^\n]+\n\n$/)
  })

  it('bytewise is one byte per HTTP chunk, with characters of several bytes', async () => {
    const { chunks, body } = await ask('bytewise')
    expect(new Set(chunks.map(({ length }) => length))).toEqual(new Set([1]))
    expect(Buffer.byteLength(body)).toBeGreaterThan(body.length)
  })

  it('odd_pieces is 97 bytes per HTTP chunk', async () => {
    const { chunks } = await ask('odd_pieces')
    expect(new Set(chunks.slice(0, -1).map(({ length }) => length))).toEqual(new Set([97]))
  })

  it('one_write is one HTTP chunk', async () => expect((await ask('one_write')).chunks).toHaveLength(1))

  it('crlf has no LF without a CR', async () => {
    const { body } = await ask('crlf')
    expect(body).not.toMatch(/(?<!\r)\n/)
    expect(split(body, '\r\n\r\n').length).toBeGreaterThan(3)
  })

  it('cr has no LF at all', async () => {
    const { body } = await ask('cr')
    expect(body).not.toContain('\n')
    expect(split(body, '\r\r').length).toBeGreaterThan(3)
  })

  it('no_space has none after the colon', async () => {
    expect((await ask('no_space')).body).toMatch(/^(data:\S[^\n]*\n\n)+$/)
  })

  it('comments has one before every event, and one inside the second', async () => {
    const { body } = await ask('comments')
    expect(body).toMatch(/^(: keep-alive\n\ndata: [^\n]+\n(: keep-alive\n)?\n)+$/)
    expect(body.match(/\n: keep-alive\n\n: keep-alive\n/g)).toHaveLength(1)
  })

  it('keepalive has three comments, and then the answer', async () => {
    expect((await ask('keepalive')).body).toMatch(/^(: OPENROUTER PROCESSING\n\n){3}(data: [^\n]+\n\n)+$/)
  })

  it('azure opens with what the filter found in the prompt', async () => {
    expect((await ask('azure')).body).toMatch(/^data: \{"choices":\[\],.*"prompt_filter_results":\[\{.*\}\]\}\n\n/)
  })

  it('keepalive_event has a number between its neighbours', async () => {
    const { body } = parseAnswer(await askResponses(server.port, 'healthy:keepalive_event'))
    const numbers = Array.from(body.matchAll(/"sequence_number":(\d+)/g), ([, number]) => Number(number))
    expect(body).toMatch(/\n\nevent: keepalive\ndata: \{"type":"keepalive","sequence_number":\d+\}\n\n/)
    expect(numbers).toEqual(numbers.map((_, index) => index))
  })

  it('multi_data is JSON once its lines are joined by a newline', async () => {
    for (const event of split((await ask('multi_data')).body, '\n\n').slice(0, -1)) {
      const lines = event.split('\n')
      expect(lines).toHaveLength(2)
      expect(() => JSON.parse(lines.map((line) => line.slice('data: '.length)).join('\n')) as unknown).not.toThrow()
    }
  })

  it('bom begins with ef bb bf, once', async () => {
    const { chunks } = await ask('bom')
    expect(chunks[0]).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    expect(Buffer.concat(chunks).lastIndexOf(Buffer.from([0xef, 0xbb, 0xbf]))).toBe(0)
  })

  it('finish_without_done has a finish reason and no [DONE]', async () => {
    const { body } = await ask('finish_without_done')
    expect(body).toContain('"finish_reason":"stop"')
    expect(body).not.toContain('[DONE]')
  })

  it('done_without_finish has [DONE] and no finish reason', async () => {
    const { body } = await ask('done_without_finish')
    expect(body).not.toMatch(/"finish_reason":"/)
    expect(body).toContain('[DONE]')
  })

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['deflate', 'deflate', inflateSync],
    ['brotli', 'br', brotliDecompressSync],
  ] as const)('%s is one good stream of %s, flushed after each event', async (name, coding, decompress) => {
    const { head, chunks } = await ask(name)
    const text = decompress(Buffer.concat(chunks)).toString()
    expect(head).toContain(`content-encoding: ${coding}\r\n`)
    expect(text).toMatch(/^(data: [^\n]+\n\n)+$/)
    expect(chunks).toHaveLength(split(text, '\n\n').length + 2)
  })

  it('until_close has neither length nor chunks', async () => {
    const { head, body } = await ask('until_close')
    expect(head).not.toMatch(/content-length|transfer-encoding/i)
    expect(body).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
  })

  it('data_before_event has the event line second', async () => {
    const { body } = parseAnswer(await askResponses(server.port, 'healthy:data_before_event'))
    expect(body).toMatch(/^(data: \{[^\n]+\nevent: \S+\n\n)+$/)
  })

  it('responses_incomplete ends in response.incomplete with its reason', async () => {
    const { body } = parseAnswer(await askResponses(server.port, 'healthy:responses_incomplete'))
    const last = split(body, '\n\n').at(-1)
    expect(last).toMatch(/^event: response\.incomplete\n.*"incomplete_details":\{"reason":"max_output_tokens"\}/)
  })
})
