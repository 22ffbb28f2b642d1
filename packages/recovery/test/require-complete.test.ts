import { describe, expect, it } from '@jest/globals'
import { collectToolCalls, recoverStream, requireComplete, type CompleteOptions } from '../src/index.ts'
import { MAX_PARTIAL_LENGTH } from '../src/text-budget.ts'
import { HALF, readText, request, until, WHOLE } from './play.ts'
import { chatAnswer, chatEvent, DONE, responseEvent, scriptFetch, type Script } from './scripted-fetch.ts'
import { makeClient } from './apps/sdks.ts'

const create = async (...scripts: readonly Script[]) => {
  const { fetch, seen } = scriptFetch(...scripts)
  const client = await makeClient(7, 'http://test/v1', { fetch })
  return { client, seen, start: () => client.chat.completions.create(request) }
}

const call = (text: string, index = 0): string =>
  chatEvent({
    tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: 'f', arguments: text } }],
  })

const more = (text: string, index = 0): string => chatEvent({ tool_calls: [{ index, function: { arguments: text } }] })

const text = (value: string): object => ({ type: 'message', content: [{ type: 'output_text', text: value }] })

describe('requireComplete', () => {
  it.each<readonly [what: string, pieces: readonly string[], options: CompleteOptions]>([
    ['an answer', chatAnswer('a whole answer'), {}],
    ['an answer without a finish reason', [chatEvent({ content: 'a whole answer' }), DONE], {}],
    ['an answer without [DONE]', [chatEvent({ content: 'a whole answer' }), chatEvent({}, 'stop')], {}],
    ['a finish reason that nobody knows', [chatEvent({ content: 'a whole answer' }, 'eos_token'), DONE], {}],
    [
      'what was cut short and is accepted',
      [chatEvent({ content: 'a whole answer' }, 'length'), DONE],
      { accept: ['length'] },
    ],
    [
      'what was cut short and is accepted, however it is spelled',
      [chatEvent({ content: 'a whole answer' }, 'MAX_TOKENS'), DONE],
      { accept: ['Max_Tokens'] },
    ],
    ['a server that ends answers with nothing', [chatEvent({ content: 'a whole answer' })], { terminator: 'optional' }],
  ])('passes %s', async (_, pieces, options) => {
    const { start } = await create({ pieces })
    expect(await readText(requireComplete(start(), options))).toEqual({ text: 'a whole answer', error: undefined })
  })

  it.each<readonly [what: string, pieces: readonly string[], code: string]>([
    ['half an answer that ended in order', [chatEvent({ content: 'half' })], 'missing_terminator'],
    ['an event that was cut', [chatEvent({ content: 'half' }), 'data: {"id'], 'truncated_event'],
    ['an answer without an event', [], 'empty_stream'],
    ['an answer that was too long', [chatEvent({ content: 'half' }, 'length'), DONE], 'incomplete_answer'],
    ['half a tool call', [call('{"path":"/tm'), chatEvent({}, 'tool_calls'), DONE], 'incomplete_tool_arguments'],
    ['half a tool call, by length', [call('{"path":"/tm'), chatEvent({}, 'length'), DONE], 'incomplete_tool_arguments'],
    [
      'one half of two tool calls',
      [call('{}'), call('{"a', 1), chatEvent({}, 'tool_calls'), DONE],
      'incomplete_tool_arguments',
    ],
    [
      'arguments that close and are no JSON',
      [call('{"a" 1}'), chatEvent({}, 'tool_calls'), DONE],
      'incomplete_tool_arguments',
    ],
  ])('hands over %s, and then throws', async (_, pieces, code) => {
    const { start } = await create({ pieces })
    const got: unknown[] = []
    const reading = (async () => {
      for await (const chunk of requireComplete(start())) got.push(chunk)
    })()
    await expect(reading).rejects.toMatchObject({ name: 'StreamBrokenError', code, reason: 'not_asked' })
    expect(got).toHaveLength(pieces.filter((piece) => piece.startsWith('data: {') && piece.endsWith('\n\n')).length)
  })

  it('an incomplete response is not complete', async () => {
    const pieces = [
      responseEvent('response.output_text.delta', 0, { delta: 'half' }),
      responseEvent('response.incomplete', 1, {
        response: { id: 'r', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      }),
    ]
    const { client } = await create({ pieces })
    const stream = requireComplete(client.responses.create({ model: 'm', input: 'hi', stream: true }))
    expect((await readText(stream)).error).toMatchObject({ code: 'incomplete_answer' })
  })

  it.each<readonly [what: string, output: readonly object[] | undefined, code: string | undefined]>([
    ['that ends with all of its text', [text('one two three')], undefined],
    ['that ends with less than came', [text('one')], 'missing_events'],
    ['that ends with no more than its status', undefined, 'missing_events'],
  ])('a response with events missing %s', async (_, output, code) => {
    const pieces = [
      responseEvent('response.output_text.delta', 0, { delta: 'one ' }),
      responseEvent('response.output_text.delta', 2, { delta: 'three' }),
      responseEvent('response.completed', 3, { response: { id: 'r', status: 'completed', output } }),
    ]
    const { client } = await create({ pieces })
    const stream = requireComplete(client.responses.create({ model: 'm', input: 'hi', stream: true }))
    expect((await readText(stream)).error?.code).toBe(code)
  })

  it('what the app has aborted is not complete', async () => {
    const controller = new AbortController()
    const { client } = await create({ pieces: [chatEvent({ content: 'half' })], after: 'stall' })
    const stream = requireComplete(client.chat.completions.create(request, { signal: controller.signal }))
    await stream.next()
    const next = stream.next()
    controller.abort()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('what was recovered is complete, and what was given up has one error', async () => {
    for (const [scripts, expected] of [
      [
        [{ pieces: [], after: 'reset' }, { pieces: [chatEvent({ content: 'all' }), DONE] }],
        { text: 'all', error: undefined },
      ],
      [[HALF], { text: 'half ', error: expect.objectContaining({ code: 'connection_reset', reason: 'policy' }) }],
    ] as const) {
      const { client } = await create(...(scripts as readonly Script[]))
      const recovered = recoverStream(({ request: body, options }) => client.chat.completions.create(body, options), {
        request,
        initialDelayMs: 0,
      })
      expect(await readText(requireComplete(recovered))).toEqual(expected)
    }
  })

  it('what ended the recovery reaches the app as it is', async () => {
    const { client } = await create({ silent: true })
    const controller = new AbortController()
    const { signal } = controller
    const recovered = recoverStream(({ options }) => client.chat.completions.create(request, options), {
      request,
      signal,
    })
    const next = requireComplete(recovered).next()
    await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    await expect(next).rejects.toThrow(new Error('enough'))
  })

  it('a request that fails before the first chunk is asked for is told of then', async () => {
    const unhandled: unknown[] = []
    const keep = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', keep)
    const { client } = await create({ status: 400 })
    const stream = requireComplete(client.chat.completions.create(request, { maxRetries: 0 }))
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    await expect(stream.next()).rejects.toMatchObject({ code: '400' })
    process.off('unhandledRejection', keep)
    expect(unhandled).toEqual([])
  })

  it('break ends the request', async () => {
    const { start, seen } = await create(WHOLE)
    for await (const _ of requireComplete(start())) break
    await until(() => seen[0]?.cancelled === true)
    expect(seen[0]?.pulled).toBe(1)
  })
})

it.each<readonly [options: object, message: string]>([
  [{ acept: ['length'] }, 'Unknown option "acept": allowed are request, accept, terminator, clock.'],
  [{ accept: 'length' }, 'Option "accept" must be an array of strings; received "length".'],
  [{ accept: [1] }, 'Option "accept" must be an array of strings; received object.'],
  [{ terminator: 'none' }, 'Option "terminator" must be "required", "optional"; received "none".'],
])('%j is refused', async (options, message) => {
  const { start } = await create(WHOLE)
  expect(() => requireComplete(start(), options)).toThrow(new RangeError(message))
  await expect(collectToolCalls(start(), options)).rejects.toThrow(new RangeError(message))
})

it.each([undefined, null, 5, 'text', {}, Promise.resolve({})])('%p is told to be no stream', async (source) => {
  await expect(requireComplete(source as never).next()).rejects.toThrow('`stream: true`')
})

describe('collectToolCalls', () => {
  it('gives the calls with their arguments decoded', async () => {
    const pieces = [call('{"path":'), more('"/tmp"}'), call('', 1), chatEvent({}, 'tool_calls'), DONE]
    const { start } = await create({ pieces })
    expect(await collectToolCalls(start())).toEqual([
      { choice: 0, type: 'function', id: 'call_0', name: 'f', arguments: { path: '/tmp' } },
      { choice: 0, type: 'function', id: 'call_1', name: 'f', arguments: {} },
    ])
  })

  it('gives those of Responses', async () => {
    const item = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '' }
    const pieces = [
      responseEvent('response.output_item.added', 0, { output_index: 0, item }),
      responseEvent('response.function_call_arguments.delta', 1, { output_index: 0, delta: '{"a"' }),
      responseEvent('response.function_call_arguments.delta', 2, { output_index: 0, delta: ':1}' }),
      responseEvent('response.completed', 3, { response: { id: 'r', status: 'completed' } }),
    ]
    const { client } = await create({ pieces })
    const calls = await collectToolCalls(client.responses.create({ model: 'm', input: 'hi', stream: true }))
    expect(calls).toEqual([{ choice: 0, type: 'function', id: 'call_1', name: 'f', arguments: { a: 1 } }])
  })

  it('gives none where one is not whole', async () => {
    const { start } = await create({ pieces: [call('{}'), call('{"a', 1), chatEvent({}, 'tool_calls'), DONE] })
    await expect(collectToolCalls(start())).rejects.toMatchObject({ code: 'incomplete_tool_arguments' })
  })

  it('gives none that it could not keep', async () => {
    const pieces = [call('{"a":"'), more('x'.repeat(MAX_PARTIAL_LENGTH)), more('"}'), chatEvent({}, 'tool_calls'), DONE]
    const { start } = await create({ pieces })
    await expect(collectToolCalls(start())).rejects.toMatchObject({
      code: 'incomplete_tool_arguments',
      partial: { isCut: true },
    })
  })

  it('gives none where no tool was called', async () => {
    const { start } = await create(WHOLE)
    expect(await collectToolCalls(start())).toEqual([])
  })
})
