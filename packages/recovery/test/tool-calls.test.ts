import { describe, expect, it } from '@jest/globals'
import OpenAI from 'openai'
import { collectToolCalls, recoverStream, requireComplete } from '../src/index.ts'
import { PartialCollector } from '../src/partial-answer.ts'
import { MAX_PARTIAL_LENGTH } from '../src/text-budget.ts'
import { readText, request } from './play.ts'
import { chatEvent, DONE, responseEvent, scriptFetch, type Script } from './scripted-fetch.ts'

const background = { model: 'm', input: 'hi', background: true, stream: true as const }

const added = (at: number, sequence: number, type = 'function_call'): string =>
  responseEvent('response.output_item.added', sequence, {
    output_index: at,
    item: { type, call_id: `call_${at}`, name: 'f', arguments: '' },
  })

const delta = (at: number, sequence: number, text: string): string =>
  responseEvent('response.function_call_arguments.delta', sequence, { output_index: at, delta: text })

const output = [
  { type: 'function_call', call_id: 'call_0', name: 'f', arguments: '{"path":"/tmp"}' },
  { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
]
const response = { id: 'resp_1', status: 'completed', background: true, output }
const completed = (sequence: number): string => responseEvent('response.completed', sequence, { response })

const ended: Script = { status: 200, body: JSON.stringify(response) }

/** It broke in the middle of the arguments of its first call. */
const broken: Script = {
  pieces: [
    responseEvent('response.created', 0, { response: { id: 'resp_1', status: 'in_progress' } }),
    added(0, 1),
    delta(0, 2, '{"path":"/t'),
  ],
  after: 'reset',
}

const recover = (...rest: readonly Script[]) => {
  const { fetch } = scriptFetch(broken, ...rest)
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch })
  return recoverStream(({ request: body, options }) => client.responses.create(body, options), {
    request: background,
    client,
    initialDelayMs: 0,
  })
}

const calls = [
  { choice: 0, type: 'function', id: 'call_0', name: 'f', arguments: { path: '/tmp' } },
  { choice: 0, type: 'function', id: 'call_1', name: 'f', arguments: {} },
]

describe.each<readonly [how: string, rest: readonly Script[]]>([
  ['resumed', [{ pieces: [delta(0, 3, 'mp"}'), added(1, 4), delta(1, 5, '{}'), completed(6)] }]],
  ['resumed with a gap', [{ pieces: [completed(6)] }, { pieces: [completed(6)] }, ended]],
  ['polled', [{ status: 404 }, ended]],
])('tool calls of a response that was %s', (_, rest) => {
  it('are whole', async () => {
    expect((await readText(requireComplete(recover(...rest)))).error).toBeUndefined()
  })

  it('are collected, each of them', async () => {
    expect(await collectToolCalls(recover(...rest))).toEqual(calls)
  })
})

it.each<readonly [what: string, item: object, output: readonly object[]]>([
  ['has no arguments', { arguments: '' }, []],
  ['stands at another place', {}, [{ type: 'reasoning' }, { ...output[0] }]],
  ['is left out', {}, [{ type: 'message' }]],
])('a call is kept as it came, and once, where the end of the response %s', (_, item, all) => {
  const partial = new PartialCollector()
  const type = 'function_call'
  partial.add({ type: 'response.output_item.added', output_index: 0, item: { type, call_id: 'call_0', name: 'f' } })
  partial.add({ type: 'response.function_call_arguments.delta', output_index: 0, delta: '{"path":"/tmp"}' })
  partial.add({ type: 'response.output_item.done', output_index: 0, item: { ...output[0], ...item } })
  partial.add({ type: 'response.completed', response: { output: all } })
  expect(partial.answer.toolCalls).toEqual([
    { choice: 0, type: 'function', id: 'call_0', name: 'f', arguments: '{"path":"/tmp"}', isComplete: true },
  ])
})

it('behind a text that is longer than what is kept, calls are collected all the same', async () => {
  const call = { index: 0, id: 'call_0', type: 'function', function: { name: 'f', arguments: '{}' } }
  const pieces = [
    chatEvent({ content: 'x'.repeat(MAX_PARTIAL_LENGTH + 1) }),
    chatEvent({ tool_calls: [call] }),
    chatEvent({}, 'tool_calls'),
    DONE,
  ]
  const { fetch } = scriptFetch({ pieces })
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch })
  expect(await collectToolCalls(client.chat.completions.create(request))).toMatchObject([{ id: 'call_0' }])
})

describe('a custom tool', () => {
  const piece = (fields: object): string => chatEvent({ tool_calls: [{ index: 0, type: 'custom', ...fields }] })
  const chat = [piece({ id: 'call_0', custom: { name: 'py', input: 'print' } }), piece({ custom: { input: '(1)' } })]
  const item = { type: 'custom_tool_call', call_id: 'call_0', name: 'py', input: '' }
  const responses = [
    responseEvent('response.output_item.added', 0, { output_index: 0, item }),
    responseEvent('response.custom_tool_call_input.delta', 1, { output_index: 0, delta: 'print(1)' }),
  ]
  const create = (pieces: readonly string[]) => {
    const { fetch } = scriptFetch({ pieces })
    return new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch })
  }
  const chatPieces = [...chat, chatEvent({}, 'tool_calls'), DONE]
  const responsesPieces = [
    ...responses,
    responseEvent('response.completed', 2, { response: { id: 'r', status: 'completed', output: [] } }),
  ]
  const expected = [{ choice: 0, type: 'custom', id: 'call_0', name: 'py', arguments: 'print(1)' }]

  it('takes text, which is no JSON and whole all the same', async () => {
    const { chat: api } = create(chatPieces)
    expect((await readText(requireComplete(api.completions.create(request)))).error).toBeUndefined()
  })

  it('is collected with its text, from chat and from Responses', async () => {
    expect(await collectToolCalls(create(chatPieces).chat.completions.create(request))).toEqual(expected)
    const stream = create(responsesPieces).responses.create({ ...background, background: false })
    expect(await collectToolCalls(stream)).toEqual(expected)
  })

  it('is complete once the server has said so, and no earlier', () => {
    const partial = new PartialCollector()
    const add = (event: string): void => partial.add(JSON.parse(event.slice(event.indexOf('{'))))
    for (const event of chat) add(event)
    expect(partial.answer.toolCalls).toMatchObject([{ type: 'custom', arguments: 'print(1)', isComplete: false }])
    add(chatEvent({}, 'tool_calls'))
    expect(partial.answer.toolCalls).toMatchObject([{ type: 'custom', arguments: 'print(1)', isComplete: true }])
  })
})
