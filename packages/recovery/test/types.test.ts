import { expect, it } from '@jest/globals'
import OpenAI4 from 'openai4'
import OpenAI5 from 'openai5'
import OpenAI6 from 'openai6'
import OpenAI7 from 'openai7'
import { collectToolCalls, isRestart, reassemble, recoverStream, requireComplete } from '../src/index.ts'
import { chatAnswer, responseEvent, scriptFetch, type Script } from './scripted-fetch.ts'

// What is promised of types holds where this file compiles; that the values are of these types, where it passes.

type IsAny<A> = 0 extends 1 & A ? true : false
type Equal<A, B> = IsAny<A> extends true ? false : [A, B] extends [B, A] ? true : false
type ChunkOf<Stream> = Stream extends AsyncIterable<infer Chunk> ? Chunk : never
const holds = <T extends true>(fact: T): T => fact

const options = { apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off' } as const
const messages = [{ role: 'user' as const, content: 'hi' }]
const play = (...scripts: readonly Script[]): typeof fetch =>
  scriptFetch(...(scripts.length > 0 ? scripts : [{ pieces: chatAnswer('whole') }])).fetch

it('the chunks of openai 4 are its own, and its fetch may be put together', async () => {
  const client = new OpenAI4({ apiKey: 'k', baseURL: options.baseURL, fetch: reassemble(play() as never) })
  const request = { model: 'm', messages, stream: true } satisfies OpenAI4.ChatCompletionCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.chat.completions.create(body, own), {
    request,
  })
  expect(holds<Equal<ChunkOf<typeof stream>, OpenAI4.ChatCompletionChunk>>(true)).toBe(true)
  for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk')
  expect(new OpenAI4({ apiKey: 'k', fetch: reassemble() }).apiKey).toBe('k')
})

it('the chunks of openai 5 are its own', async () => {
  const client = new OpenAI5({ ...options, fetch: reassemble(play()) })
  const request = { model: 'm', messages, stream: true } satisfies OpenAI5.ChatCompletionCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.chat.completions.create(body, own), {
    request,
  })
  expect(holds<Equal<ChunkOf<typeof stream>, OpenAI5.ChatCompletionChunk>>(true)).toBe(true)
  for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk')
})

it('the chunks of openai 6 are its own', async () => {
  const client = new OpenAI6({ ...options, fetch: reassemble(play()) })
  const request = { model: 'm', messages, stream: true } satisfies OpenAI6.ChatCompletionCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.chat.completions.create(body, own), {
    request,
  })
  expect(holds<Equal<ChunkOf<typeof stream>, OpenAI6.ChatCompletionChunk>>(true)).toBe(true)
  for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk')
})

it('the chunks of openai 7 are its own', async () => {
  const client = new OpenAI7({ ...options, fetch: reassemble(play()) })
  const request = { model: 'm', messages, stream: true } satisfies OpenAI7.ChatCompletionCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.chat.completions.create(body, own), {
    request,
  })
  expect(holds<Equal<ChunkOf<typeof stream>, OpenAI7.ChatCompletionChunk>>(true)).toBe(true)
  for await (const chunk of requireComplete(stream, { request })) expect(chunk.object).toBe('chat.completion.chunk')
  expect(await collectToolCalls(client.chat.completions.create(request))).toEqual([])
})

it('a restart is told from the chunks beside it, and comes only where it was asked for', async () => {
  const half: Script = { pieces: chatAnswer('half').slice(0, 1), after: 'reset' }
  const client = new OpenAI7({ ...options, fetch: play(half, { pieces: chatAnswer('whole') }) })
  const request = { model: 'm', messages, stream: true } satisfies OpenAI7.ChatCompletionCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.chat.completions.create(body, own), {
    request,
    afterDelivery: 'restart',
    initialDelayMs: 0,
  })
  const seen: (number | string | null | undefined)[] = []
  for await (const chunk of stream) {
    if (isRestart(chunk)) seen.push(chunk.discarded)
    else seen.push(chunk.choices[0]?.delta.content)
  }
  expect(seen).toEqual(['half', 1, 'whole', undefined])
})

it('the events of Responses are those of the SDK, and its client resumes them', async () => {
  const pieces = [responseEvent('response.completed', 0, { response: { id: 'r', status: 'completed' } })]
  const client = new OpenAI7({ ...options, fetch: play({ pieces }) })
  const request = { model: 'm', input: 'hi', stream: true } satisfies OpenAI7.Responses.ResponseCreateParamsStreaming
  const stream = recoverStream(({ request: body, options: own }) => client.responses.create(body, own), {
    request,
    client,
  })
  expect(holds<Equal<ChunkOf<typeof stream>, OpenAI7.Responses.ResponseStreamEvent>>(true)).toBe(true)
  for await (const event of stream) expect(event.type).toBe('response.completed')
})
