import { expect, it } from '@jest/globals'
import { recoverStream } from '../src/index.ts'
import { MAJORS } from './apps/sdks.ts'
import { HALF, play, readText, request, WHOLE } from './play.ts'
import { chatAnswer, chatEvent, DONE, scriptFetch } from './scripted-fetch.ts'

it.each(MAJORS)('an Azure client is recovered like any other, by openai %i', async (major) => {
  const { fetch, seen } = scriptFetch(HALF, WHOLE)
  const { AzureOpenAI } = (await import(`openai${major}`)) as typeof import('openai')
  const client = new AzureOpenAI({
    apiKey: 'k',
    endpoint: 'http://test',
    apiVersion: '2024-10-21',
    deployment: 'd',
    logLevel: 'off',
    fetch,
  })
  const stream = recoverStream(({ request: body, options }) => client.chat.completions.create(body, options), {
    request,
    afterDelivery: 'restart',
    initialDelayMs: 0,
  })
  expect(await readText(stream)).toEqual({ text: 'half a whole answer', error: undefined })
  const url = 'http://test/openai/deployments/d/chat/completions?api-version=2024-10-21'
  expect(seen.map((one) => one.url)).toEqual([url, url])
})

it('of several choices each has to be whole', async () => {
  const other = (content: string, finishReason: string | null = null): string =>
    chatEvent({ content }, finishReason).replace('"index":0', '"index":1')
  const pieces = [chatEvent({ content: 'a' }), other('b'), chatEvent({}, 'stop')]
  const both = { ...request, n: 2 }
  const { stream } = play([{ pieces }], { request: both })
  expect((await readText(stream)).error).toMatchObject({ code: 'missing_terminator', partial: { texts: ['a', 'b'] } })
  const whole = play([{ pieces: [...pieces, other('', 'stop'), DONE] }], { request: both })
  expect((await readText(whole.stream)).error).toBeUndefined()
})

it('a stream that is read a second time gives nothing more, and asks for nothing', async () => {
  const { stream, seen } = play([{ pieces: chatAnswer('once') }])
  expect(await readText(stream)).toEqual({ text: 'once', error: undefined })
  expect(await readText(stream)).toEqual({ text: '', error: undefined })
  expect(seen).toHaveLength(1)
})

it('chunks that are asked for at once come one after the other, each once', async () => {
  const { stream } = play([{ pieces: chatAnswer('one two') }])
  const results = await Promise.all(Array.from({ length: 5 }, () => stream.next()))
  const texts = results.map(({ value }) => (value && 'choices' in value ? value.choices[0]?.delta.content : undefined))
  expect(texts).toEqual(['one ', 'two', undefined, undefined, undefined])
  expect(results.map(({ done }) => done)).toEqual([false, false, false, true, true])
})
