import { expect, it } from '@jest/globals'
import { recoverStream, requireComplete } from '../src/index.ts'
import { makeClient, MAJORS, type Major } from './apps/sdks.ts'
import { readText } from './play.ts'
import { chatEvent, scriptFetch } from './scripted-fetch.ts'

// Answers of GLM end with neither a finish reason nor [DONE] at that host, which the table of core knows.
const HOST = 'https://integrate.api.nvidia.com/v1'

const create = async (major: Major, baseURL: string, model: string) => {
  const { fetch } = scriptFetch({ pieces: [chatEvent({ content: 'all' })] })
  const fetchFrom = async (url: string, init?: RequestInit): Promise<Response> =>
    Object.defineProperty(await fetch(url, init), 'url', { value: url })
  const client = await makeClient(major, baseURL, { fetch: fetchFrom })
  const request = { model, messages: [], stream: true as const }
  return { request, start: () => client.chat.completions.create(request) }
}

it.each(MAJORS)('an answer that ends as its server ends all of them is whole, by openai %i', async (major) => {
  const { request, start } = await create(major, HOST, 'z-ai/glm4.7')
  expect(await readText(recoverStream(start, { request }))).toEqual({ text: 'all', error: undefined })
  expect(await readText(requireComplete(start(), { request }))).toEqual({ text: 'all', error: undefined })
})

it.each<readonly [what: string, baseURL: string, model: string, options: object]>([
  ['of another model', HOST, 'other', {}],
  ['of another host', 'https://example.com/v1', 'z-ai/glm4.7', {}],
  ['where the app says so', HOST, 'z-ai/glm4.7', { terminator: 'required' }],
])('an answer that ends like that is not: %s', async (_, baseURL, model, options) => {
  const { request, start } = await create(7, baseURL, model)
  const expected = { text: 'all', error: expect.objectContaining({ code: 'missing_terminator' }) }
  expect(await readText(recoverStream(start, { request, ...options }))).toEqual(expected)
  expect(await readText(requireComplete(start(), { request, ...options }))).toEqual(expected)
})
