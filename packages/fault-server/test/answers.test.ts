import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '../src/index.ts'
import { askChat, askResponses, parseAnswer, requestRaw } from './raw-client.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

type Fields = Readonly<Record<string, unknown>>

const readEvents = (body: string): readonly Fields[] =>
  body
    .split('\n\n')
    .map((event) => event.slice(event.indexOf('data: ') + 6))
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data) as Fields)

const readChunks = (body: string): readonly { readonly choices: readonly Fields[]; readonly usage?: unknown }[] =>
  readEvents(body) as never

describe('a chat stream', () => {
  it('opens with a role, goes on with content, and ends in a finish reason and [DONE]', async () => {
    const { head, body } = parseAnswer(await askChat(server.port, 'gpt-5'))
    const chunks = readChunks(body)
    expect(head).toContain('content-type: text/event-stream; charset=utf-8\r\n')
    expect(chunks[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-\w{29}$/) as unknown,
      object: 'chat.completion.chunk',
      created: 1_767_225_600,
      model: 'gpt-5',
      system_fingerprint: expect.stringMatching(/^fp_\w{10}$/) as unknown,
      choices: [
        { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
      ],
    })
    for (const { choices } of chunks.slice(1, -1)) {
      expect(choices[0]).toMatchObject({ delta: { content: expect.any(String) as unknown }, finish_reason: null })
    }
    expect(chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }])
    expect(body.endsWith('\n\ndata: [DONE]\n\n')).toBe(true)
  })

  it('brings usage in a chunk without choices, and null before it, where it was asked for', async () => {
    const answer = await askChat(server.port, 'gpt-5', { stream_options: { include_usage: true } })
    const chunks = readChunks(parseAnswer(answer).body)
    expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual(chunks.slice(0, -1).map(() => null))
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 12, total_tokens: expect.any(Number) as unknown },
    })
  })

  it('has no usage where none was asked for', async () => {
    expect(parseAnswer(await askChat(server.port, 'gpt-5')).body).not.toContain('usage')
  })

  it('interleaves as many choices as were asked for', async () => {
    const chunks = readChunks(parseAnswer(await askChat(server.port, 'gpt-5', { n: 3 })).body)
    expect(chunks.slice(0, 6).map(({ choices }) => choices[0]?.['index'])).toEqual([0, 1, 2, 0, 1, 2])
    expect(chunks.slice(-3).map(({ choices }) => choices[0]?.['finish_reason'])).toEqual(['stop', 'stop', 'stop'])
  })

  it('has the arguments of a tool call in pieces that make JSON', async () => {
    const chunks = readChunks(parseAnswer(await askChat(server.port, 'healthy:tool_calls')).body)
    const pieces = chunks.map(({ choices: [choice] }) => {
      const { tool_calls: calls } = (choice?.['delta'] ?? {}) as {
        readonly tool_calls?: readonly [{ readonly function: { readonly arguments: string } }]
      }
      return calls?.[0].function.arguments ?? ''
    })
    expect(pieces.length).toBeGreaterThan(3)
    expect(JSON.parse(pieces.join(''))).toEqual({ station: 'Basel', unit: 'cm' })
    expect(chunks.at(-1)?.choices[0]?.['finish_reason']).toBe('tool_calls')
  })
})

describe('a Responses stream', () => {
  it('numbers its events from 0, and names each twice', async () => {
    const { body } = parseAnswer(await askResponses(server.port, 'gpt-5'))
    const events = readEvents(body)
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index))
    expect(body.match(/^event: .*$/gm)).toEqual(events.map(({ type }) => `event: ${String(type)}`))
  })

  it('goes from response.created to response.completed with usage, and has no [DONE]', async () => {
    const { body } = parseAnswer(await askResponses(server.port, 'gpt-5'))
    const events = readEvents(body)
    const types = events.map(({ type }) => type).filter((type) => type !== 'response.output_text.delta')
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(events.at(-1)?.['response']).toMatchObject({ status: 'completed', usage: { input_tokens: 12 } })
    expect(body).not.toContain('[DONE]')
  })

  it('has deltas that add up to its text', async () => {
    const events = readEvents(parseAnswer(await askResponses(server.port, 'gpt-5')).body)
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
    expect(deltas.join('')).toBe(events.find(({ type }) => type === 'response.output_text.done')?.['text'])
  })
})

describe('an answer without a stream', () => {
  const CASES = [
    ['/v1/chat/completions', 'chat.completion'],
    ['/v1/completions', 'text_completion'],
    ['/v1/responses', 'response'],
  ] as const

  it.each(CASES)('of %s is one %s', async (path, object) => {
    const { head, body } = parseAnswer(await requestRaw(server.port, { path, body: { model: 'gpt-5' } }))
    expect(head).toContain('content-type: application/json')
    expect(JSON.parse(body)).toMatchObject({ object, model: 'gpt-5', usage: expect.any(Object) as unknown })
  })

  it('can be a fault that acts before any body', async () => {
    const answer = await requestRaw(server.port, { body: { model: 'fault:http_500' } })
    expect(parseAnswer(answer).status).toBe(500)
  })
})

it('streams legacy completions, and the faults that fit any interface', async () => {
  const request = { path: '/v1/completions', body: { model: 'fault:no_done', stream: true, prompt: 'hi' } }
  const { body, isWhole } = parseAnswer(await requestRaw(server.port, request))
  expect(readEvents(body)).toHaveLength(2)
  expect(readEvents(body)[0]).toMatchObject({ object: 'text_completion', choices: [{ finish_reason: null }] })
  expect(isWhole).toBe(true)
})
