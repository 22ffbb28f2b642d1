import { describe, expect, it } from '@jest/globals'
import { recoverStream } from '../src/index.ts'
import { CUT, HALF, play, readText, REFUSED, request, WHOLE } from './play.ts'
import { chatAnswer, chatEvent, networkError, type Script } from './scripted-fetch.ts'

describe('where nothing was delivered', () => {
  it.each<readonly [what: string, broken: Script, code: string]>([
    ['a connection that failed', REFUSED, 'connection_failed'],
    ['a stream without an event', CUT, 'empty_stream'],
    ['a reset before the first event', { pieces: ['data: {"id'], after: 'reset' }, 'connection_reset'],
    ['an event that is cut in two', { pieces: ['data: {"id\n\n'] }, 'malformed_event'],
    ['status 500', { status: 500 }, '500'],
    ['status 429', { status: 429 }, '429'],
    ['an error with the number of a status', { pieces: ['data: {"error":{"code":502}}\n\n'] }, 'upstream_error'],
    ['an overload in the stream', { pieces: ['data: {"error":{"type":"overloaded_error"}}\n\n'] }, 'upstream_error'],
  ])('%s is followed by another attempt', async (_, broken, code) => {
    const { stream, seen } = play([broken, WHOLE])
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
    expect(seen.map(({ body }) => body)).toEqual([request, request])
    expect(stream.attempts.map((attempt) => [attempt.action, attempt.code])).toEqual([
      ['start', code],
      ['restart', undefined],
    ])
  })

  it.each<readonly [what: string, broken: Script, code: string]>([
    ['status 400', { status: 400 }, '400'],
    ['status 401', { status: 401 }, '401'],
    ['status 404', { status: 404 }, '404'],
    ['status 422', { status: 422 }, '422'],
    ['status 501', { status: 501 }, '501'],
    ['status 500 with x-should-retry: false', { status: 500, headers: { 'x-should-retry': 'false' } }, '500'],
    ['a spent quota', { pieces: ['data: {"error":{"type":"insufficient_quota"}}\n\n'] }, 'upstream_error'],
    [
      'a spent quota, which comes as 429',
      { status: 429, body: '{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}' },
      '429',
    ],
    [
      'a bill that is not paid',
      { status: 429, body: '{"error":{"message":"pay","type":"billing_not_active","code":null}}' },
      '429',
    ],
    [
      "an error by a server's own number",
      { pieces: ['data: {"error":{"code":1113,"message":"no"}}\n\n'] },
      'upstream_error',
    ],
    ['an error without a name', { pieces: ['data: {"error":{"message":"no"}}\n\n'] }, 'upstream_error'],
  ])('%s is not', async (_, broken, code) => {
    const { stream, seen } = play([broken, WHOLE])
    const { text, error } = await readText(stream)
    expect({ text, code: error?.code, reason: error?.reason }).toEqual({ text: '', code, reason: 'policy' })
    expect(seen).toHaveLength(1)
  })

  it('a server that says x-should-retry: true is asked again, whatever the status', async () => {
    const { stream } = play([{ status: 404, headers: { 'x-should-retry': 'true' } }, WHOLE])
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
  })
})

describe('waits', () => {
  it('double from one failure to the next up to their bound, and are any part of that', async () => {
    const { stream, clock } = play([REFUSED], { maxAttempts: 7, initialDelayMs: 100, maxDelayMs: 1000 })
    await readText(stream)
    expect(clock.waits).toEqual([50, 100, 200, 400, 500, 500])
  })

  it.each<readonly [what: string, headers: Record<string, string>, waitMs: number]>([
    ['retry-after in seconds', { 'retry-after': '2' }, 2000],
    ['retry-after with a date', { 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }, 3000],
    ['retry-after-ms before retry-after', { 'retry-after-ms': '70', 'retry-after': '2' }, 70],
    [
      'the time between the date of the response and the one to come back, whatever the clock says',
      { date: 'Fri, 02 Jan 2026 10:00:00 GMT', 'retry-after': 'Fri, 02 Jan 2026 10:00:05 GMT' },
      5000,
    ],
    [
      'the clock where the date of the response is none',
      { date: 'now', 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' },
      3000,
    ],
    ['a date that is over', { 'retry-after': 'Thu, 01 Jan 2025 00:00:03 GMT' }, 0],
  ])('follow %s, and half an initial delay', async (_, headers, waitMs) => {
    const { stream, clock } = play([{ status: 429, headers }, WHOLE], { initialDelayMs: 100 })
    await readText(stream)
    expect(clock.waits).toEqual([waitMs + 50])
  })

  it.each<readonly [what: string, headers: Record<string, string>, waits: readonly number[]]>([
    ['grow although the server says at once', { 'retry-after': '0' }, [50, 100, 200, 400, 500]],
    ['are never shorter than the server says', { 'retry-after-ms': '240' }, [290, 290, 290, 400, 500]],
  ])('%s', async (_, headers, waits) => {
    const { stream, clock } = play([{ status: 429, headers }], {
      maxAttempts: 6,
      initialDelayMs: 100,
      maxDelayMs: 1000,
    })
    await readText(stream)
    expect(clock.waits).toEqual(waits)
  })

  it.each(['-5', '+3', 'soon', ''])(
    'double as ever where retry-after is neither seconds nor a date: "%s"',
    async (value) => {
      const { stream, clock } = play([{ status: 429, headers: { 'retry-after': value } }], {
        maxAttempts: 4,
        initialDelayMs: 100,
      })
      await readText(stream)
      expect(clock.waits).toEqual([50, 100, 200])
    },
  )

  it('do not begin where the server asks for more time than there is', async () => {
    const headers = { 'retry-after': '3600' }
    const { stream, clock, seen } = play([{ status: 429, headers }, WHOLE], { maxElapsedMs: 60_000 })
    expect((await readText(stream)).error).toMatchObject({ code: '429', reason: 'max_elapsed' })
    expect([clock.waits, seen.length]).toEqual([[], 1])
  })
})

describe('bounds', () => {
  it('maxAttempts counts the first one', async () => {
    const { stream, seen } = play([REFUSED], { maxAttempts: 3 })
    expect((await readText(stream)).error).toMatchObject({ code: 'connection_failed', reason: 'max_attempts' })
    expect(seen).toHaveLength(3)
  })

  it('maxCost counts chunks of output, where nothing else is said', async () => {
    const { stream, seen } = play([HALF], { maxCost: 2, maxAttempts: 10, afterDelivery: 'restart' })
    expect((await readText(stream)).error).toMatchObject({ reason: 'max_cost' })
    expect(seen).toHaveLength(2)
  })

  it('costOf says what an attempt has cost', async () => {
    const { stream, seen } = play([REFUSED], { maxCost: 5, maxAttempts: 10, costOf: ({ number }) => number })
    expect((await readText(stream)).error).toMatchObject({ reason: 'max_cost' })
    expect(seen).toHaveLength(3)
  })

  it.each([Number.NaN, -1, '3', undefined])('a cost of %p is told, and does not lift maxCost', async (cost) => {
    const { stream, seen } = play([REFUSED], { maxCost: 5, maxAttempts: 10, costOf: () => cost as number })
    const told = `Option "costOf" must return a number from 0; it returned ${typeof cost === 'string' ? '"3"' : cost}.`
    expect((await readText(stream)).error).toEqual(new RangeError(told))
    expect(seen).toHaveLength(1)
  })

  it.each<readonly [options: object, message: string]>([
    [{ maxAttempts: 0 }, 'Option "maxAttempts" must be an integer from 1 to 100; received 0.'],
    [
      { initialDelayMs: 2 ** 31 },
      'Option "initialDelayMs" must be a number of milliseconds from 0 to 2147483647; received 2147483648.',
    ],
    [{ afterDelivery: 'retry' }, 'Option "afterDelivery" must be "throw", "restart", "continue"; received "retry".'],
  ])('%j is refused', (options, message) => {
    expect(() => recoverStream(() => (async function* () {})(), options)).toThrow(new RangeError(message))
  })
})

describe('where something was delivered', () => {
  it('the error has what was received, and nothing is asked again', async () => {
    const { stream, seen } = play([HALF, WHOLE])
    const { text, error } = await readText(stream)
    expect(text).toBe('half ')
    expect(error).toMatchObject({
      name: 'StreamBrokenError',
      code: 'connection_reset',
      reason: 'policy',
      partial: { text: 'half ', chunks: 1, isCut: false },
      attempts: [{ action: 'start', code: 'connection_reset', chunks: 1 }],
      remedy: expect.stringContaining('Retry from the start'),
      cause: expect.objectContaining({ message: 'terminated' }),
    })
    expect(seen).toHaveLength(1)
  })

  it('a clean end without a terminator is a break as well, which the SDK passes over', async () => {
    const { stream } = play([{ pieces: [chatEvent({ content: 'half ' })] }])
    expect((await readText(stream)).error).toMatchObject({ code: 'missing_terminator', partial: { text: 'half ' } })
  })

  it('an answer that had ended is whole, whatever became of its connection', async () => {
    const pieces = [chatEvent({ content: 'all' }), chatEvent({}, 'stop')]
    const { stream } = play([{ pieces, after: 'reset' }])
    expect(await readText(stream)).toEqual({ text: 'all', error: undefined })
  })

  it('restart puts its marker before the first chunk of the new answer, and no earlier', async () => {
    const { stream, seen } = play([HALF, REFUSED, WHOLE], { afterDelivery: 'restart' })
    const got: unknown[] = []
    for await (const chunk of stream) got.push('type' in chunk ? chunk : chunk.choices[0]?.delta.content)
    expect(got).toEqual([
      'half ',
      { type: 'streamgauge.restart', attempt: 3, discarded: 1, code: 'connection_failed' },
      'a ',
      'whole ',
      'answer',
      undefined,
    ])
    expect(seen).toHaveLength(3)
  })

  it('a restart that comes to nothing leaves the app with what it has', async () => {
    const { stream } = play([HALF, REFUSED], { afterDelivery: 'restart', maxAttempts: 3 })
    const { text, error } = await readText(stream)
    expect([text, error?.partial.text, error?.code]).toEqual(['half ', 'half ', 'connection_failed'])
  })

  it('a policy that restarts and then continues clears nothing', async () => {
    const actions = ['restart', 'continue'] as const
    const { stream } = play([HALF, REFUSED, { pieces: chatAnswer('and the rest') }], {
      policy: ({ attempt }) => actions[attempt - 1] ?? 'throw',
    })
    expect(await readText(stream)).toEqual({ text: 'half and the rest', error: undefined })
  })

  it('continue asks a server with prefill to go on behind the text', async () => {
    const rest: Script = { pieces: [chatEvent({ role: 'assistant', content: '' }), ...chatAnswer('and the rest')] }
    const { stream, seen } = play([HALF, rest], { afterDelivery: 'continue' })
    expect(await readText(stream)).toEqual({ text: 'half and the rest', error: undefined })
    expect(seen[1]?.body).toEqual({
      ...request,
      messages: [...request.messages, { role: 'assistant', content: 'half ' }],
      continue_final_message: true,
      add_generation_prompt: false,
    })
  })

  it('continue goes on behind the beginning of the answer that the request itself has', async () => {
    const messages = [...request.messages, { role: 'assistant' as const, content: 'Sure: ' }]
    const prefilled = { ...request, messages, continue_final_message: true, add_generation_prompt: false }
    const { stream, seen } = play([HALF, WHOLE], { afterDelivery: 'continue', request: prefilled as never })
    await readText(stream)
    expect(seen[1]?.body).toEqual({
      ...prefilled,
      messages: [...request.messages, { role: 'assistant', content: 'Sure: half ' }],
    })
  })

  it.each<readonly [what: string, fields: object, delta: object]>([
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }, { content: 'half' }],
    ['several choices', { n: 2 }, { content: 'half' }],
    ['a format', { response_format: { type: 'json_object' } }, { content: 'half' }],
    ['a schema as vLLM takes it', { guided_json: {} }, { content: 'half' }],
    ['a structure as vLLM takes it', { structured_outputs: { regex: 'a*' } }, { content: 'half' }],
    ['functions', { functions: [{ name: 'f' }] }, { content: 'half' }],
    ['an echo', { echo: true }, { content: 'half' }],
    [
      'a beginning that is no text',
      {
        messages: [{ role: 'assistant', content: [{ type: 'text', text: 'Sure: ' }] }],
        continue_final_message: true,
      },
      { content: 'half' },
    ],
    ['a tool call', {}, { tool_calls: [{ index: 0, function: { name: 'f', arguments: '{"a' } }] }],
    ['reasoning', {}, { reasoning_content: 'hm' }],
  ])('an answer with %s is not continued', async (_, fields, delta) => {
    const { stream, seen } = play([{ pieces: [chatEvent(delta)], after: 'reset' }, WHOLE], {
      afterDelivery: 'continue',
      request: { ...request, ...fields },
    })
    expect((await readText(stream)).error).toMatchObject({ code: 'connection_reset', reason: 'policy' })
    expect(seen).toHaveLength(1)
  })
})

describe('a request that may leave something behind', () => {
  it.each<readonly [what: string, fields: object | undefined, effect: string]>([
    ['that is not known', undefined, 'unknown_request'],
    ['that is stored', { store: true }, 'stored'],
    ['with a tool that the server runs', { tools: [{ type: 'mcp' }] }, 'server_tools'],
    ['in the background', { background: true }, 'background'],
    ['of a conversation', { conversation: 'conv_1' }, 'conversation'],
  ])('%s is not sent again by itself', async (_, fields, effect) => {
    const unsafe = fields === undefined ? undefined : { ...request, ...fields }
    const { stream, seen } = play([REFUSED, WHOLE], { request: unsafe })
    expect((await readText(stream)).error).toMatchObject({ code: 'connection_failed', reason: 'effect', effect })
    expect(seen).toHaveLength(1)
  })

  it('is not sent again where a hop answers 503 by itself: it may have lost the answer, and not the request', async () => {
    const body = 'upstream connect error or disconnect/reset before headers. reset reason: connection termination'
    const script: Script = { status: 503, headers: { 'content-type': 'text/plain' }, body }
    const { stream, seen } = play([script, WHOLE], { request: { ...request, store: true } as typeof request })
    expect((await readText(stream)).error).toMatchObject({ code: '503', reason: 'effect', effect: 'stored' })
    expect(seen).toHaveLength(1)
  })

  it.each<readonly [what: string, broken: Script]>([
    ['turned away by 429', { status: 429 }],
    ['turned away by 503, with a time to come back', { status: 503, headers: { 'retry-after': '0' } }],
    ['turned away by 503, with x-should-retry', { status: 503, headers: { 'x-should-retry': 'true' } }],
    ['never sent', { fails: networkError('ECONNREFUSED') }],
  ])('is sent again where it was %s', async (_, broken) => {
    const { stream } = play([broken, WHOLE], { request: { ...request, store: true } as typeof request })
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
  })

  it('is sent again where the app says so', async () => {
    const stored = { ...request, store: true } as typeof request
    const { stream } = play([REFUSED, WHOLE], { request: stored, mayRepeat: true })
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
  })

  it('with functions that the app runs leaves nothing behind', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const { stream } = play([REFUSED, WHOLE], { request: { ...request, tools } as typeof request })
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
  })
})
