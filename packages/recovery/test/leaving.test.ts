import { getEventListeners } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import OpenAI from 'openai'
import { recoverStream, type RecoverOptions } from '../src/index.ts'
import { makeClient, MAJORS } from './apps/sdks.ts'
import { FakeClock } from './fake-clock.ts'
import { HALF, play, readText, REFUSED, request, until, WHOLE } from './play.ts'
import { chatEvent, DONE, scriptFetch, type Script } from './scripted-fetch.ts'

describe('the signal', () => {
  it('ends a wait at once, with its reason', async () => {
    const controller = new AbortController()
    const { stream, clock, seen } = play([REFUSED, WHOLE], { signal: controller.signal })
    clock.isHeld = true
    const reading = readText(stream)
    await until(() => clock.pending > 0)
    controller.abort(new Error('enough'))
    expect((await reading).error).toEqual(new Error('enough'))
    expect([clock.pending, seen.length]).toEqual([0, 1])
  })

  it.each<readonly [what: string, script: Script]>([
    ['the headers', { silent: true }],
    ['a chunk', { pieces: [chatEvent({ content: 'half ' })], after: 'stall' }],
  ])('ends the wait for %s at once', async (_, script) => {
    const controller = new AbortController()
    const { stream, seen } = play([script], { signal: controller.signal })
    const reading = readText(stream)
    await until(() => seen[0]?.isWaiting === true)
    controller.abort(new Error('enough'))
    expect((await reading).error).toEqual(new Error('enough'))
    expect(seen[0]?.signal?.aborted).toBe(true)
  })

  it('ends the attempt also where the app reads no further', async () => {
    const controller = new AbortController()
    const { stream } = play([WHOLE], { signal: controller.signal })
    await stream.next()
    controller.abort(new Error('enough'))
    expect(stream.attempts).toMatchObject([{ outcome: 'cancelled', chunks: 1 }])
    await expect(stream.next()).rejects.toThrow(new Error('enough'))
    expect(stream.attempts).toHaveLength(1)
  })

  it('is a fault where it timed out', async () => {
    const { stream } = play([{ pieces: [chatEvent({ content: 'half ' })], after: 'stall' }], {
      signal: AbortSignal.timeout(20),
    })
    const { error } = await readText(stream)
    expect(error).toMatchObject({ code: 'client_timeout', partial: { text: 'half ' }, cause: { name: 'TimeoutError' } })
  })

  it('is one as well where it timed out during a wait', async () => {
    const controller = new AbortController()
    const { stream, clock } = play([REFUSED, WHOLE], { signal: controller.signal })
    clock.isHeld = true
    const reading = readText(stream)
    await until(() => clock.pending > 0)
    controller.abort(new DOMException('late', 'TimeoutError'))
    expect((await reading).error).toMatchObject({
      code: 'client_timeout',
      reason: 'signal',
      attempts: [{ code: 'connection_failed' }],
    })
  })

  it.each<readonly [what: string, script: Script, thrown: string]>([
    ['before the headers', { silent: true }, 'APIUserAbortError'],
    ['in mid-stream', { pieces: [chatEvent({ content: 'half ' })], after: 'stall' }, 'DOMException'],
  ])('of somebody else ends it %s, and nothing is asked again', async (_, script, thrown) => {
    const { fetch, seen } = scriptFetch(script)
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch })
    const controller = new AbortController()
    const stream = recoverStream(() => client.chat.completions.create(request, { signal: controller.signal }), {
      request,
      afterDelivery: 'restart',
    })
    const reading = readText(stream)
    await until(() => seen[0]?.isWaiting === true)
    controller.abort()
    expect((await reading).error?.constructor.name).toBe(thrown)
    expect(seen).toHaveLength(1)
  })

  it('of an attempt is left alone once the attempt has ended well', async () => {
    let own: AbortSignal | undefined
    const stream = recoverStream(({ signal }) => {
      own = signal
      return (async function* () {
        yield { choices: [{ index: 0, delta: { content: 'all' }, finish_reason: 'stop' }] }
      })()
    })
    expect(await readText(stream)).toEqual({ text: 'all', error: undefined })
    expect(own?.aborted).toBe(false)
  })

  it('that is aborted beforehand lets nothing begin', async () => {
    const { stream, seen } = play([WHOLE], { signal: AbortSignal.abort(new Error('enough')) })
    expect((await readText(stream)).error).toEqual(new Error('enough'))
    expect(seen).toEqual([])
  })

  it.each<readonly [what: string, scripts: readonly Script[], leave: boolean]>([
    ['ended well', [WHOLE], false],
    ['was given up', [HALF], false],
    ['was recovered', [REFUSED, WHOLE], false],
    ['was left', [WHOLE], true],
  ])('has no listener left when the stream %s', async (_, scripts, leave) => {
    const { signal } = new AbortController()
    const { stream } = play(scripts, { signal })
    if (leave) for await (const _chunk of stream) break
    else await readText(stream)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('the consumer', () => {
  it.each<readonly [what: string, turns: number]>([
    ['while the break is decided', 0],
    ['right after', 1],
    ['a moment after', 2],
  ])('waits for nothing when it leaves %s', async (_, turns) => {
    let decided = (): void => {}
    const isDecided = new Promise<void>((resolve) => {
      decided = resolve
    })
    const { stream, clock, seen } = play([HALF, WHOLE], {
      policy: () => {
        decided()
        return 'restart'
      },
    })
    clock.isHeld = true
    await stream.next()
    const next = stream.next()
    await isDecided
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect([await next, clock.pending, seen.length]).toEqual([{ done: true, value: undefined }, 0, 1])
  })

  it('ends the attempt by break, and reads no further', async () => {
    const { stream, seen } = play([WHOLE])
    for await (const _ of stream) break
    expect(seen[0]).toMatchObject({ pulled: 1, cancelled: true, signal: { aborted: true } })
    expect(stream.attempts).toMatchObject([{ outcome: 'cancelled', chunks: 1 }])
  })

  it('gets its own errors, and no attempt is made because of them', async () => {
    const { stream, seen } = play([WHOLE])
    const reading = (async () => {
      for await (const _ of stream) throw new Error('mine')
    })()
    await expect(reading).rejects.toThrow(new Error('mine'))
    expect(seen).toHaveLength(1)
  })

  it('may leave while it waits for a chunk', async () => {
    const { stream, seen } = play([{ pieces: [], after: 'stall' }])
    const next = stream.next()
    await until(() => seen[0]?.isWaiting === true)
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect(seen[0]?.signal?.aborted).toBe(true)
  })

  it('may leave while it waits for the next attempt', async () => {
    const { stream, clock, seen } = play([REFUSED])
    clock.isHeld = true
    const next = stream.next()
    await until(() => clock.pending > 0)
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect([clock.pending, seen.length]).toEqual([0, 1])
  })

  it('causes nothing where it never begins', async () => {
    const { stream, seen } = play([WHOLE])
    await stream.return()
    expect([seen, stream.attempts]).toEqual([[], []])
  })

  it('is asked for each chunk: nothing is read ahead', async () => {
    const { stream, seen } = play([WHOLE])
    await stream.next()
    await new Promise(setImmediate)
    expect(seen[0]?.pulled).toBe(1)
    await stream.return()
  })
})

describe('the program', () => {
  it('gets what is wrong with start as it is', async () => {
    const stream = recoverStream(() => {
      throw new TypeError('oops')
    }, {})
    expect((await readText(stream)).error).toEqual(new TypeError('oops'))
  })

  it('is not asked again for a file that is missing', async () => {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' })
    const stream = recoverStream(() => Promise.reject(missing), { request, initialDelayMs: 0 })
    expect((await readText(stream)).error).toBe(missing)
    expect(stream.attempts).toHaveLength(1)
  })

  it.each(MAJORS)('is told where start gives a stream that was read already, by openai %i', async (major) => {
    const { fetch } = scriptFetch(HALF)
    const client = await makeClient(major, 'http://test/v1', { fetch })
    const once = client.chat.completions.create(request)
    const stream = recoverStream(() => once, { request, afterDelivery: 'restart', initialDelayMs: 0 })
    expect((await readText(stream)).error?.message).toContain('Cannot iterate over a consumed stream')
    expect(stream.attempts).toHaveLength(2)
  })

  it.each([undefined, { id: 'x' }, Promise.resolve({ id: 'x' })])(
    'is told where start gives no stream: %p',
    async (given) => {
      const stream = recoverStream((() => given) as never, {})
      expect((await readText(stream)).error?.message).toContain('`stream: true`')
    },
  )

  it.each<readonly [when: string, count: number]>([
    ['at the first chunk', 0],
    ['in mid-stream', 1],
    ['behind a whole answer', 4],
  ])('gets its own mistakes with the chunks as they are: %s', async (_, count) => {
    const { fetch, seen } = scriptFetch(WHOLE)
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', fetch })
    const stream = recoverStream(
      async function* ({ options }) {
        let at = 0
        for await (const chunk of await client.chat.completions.create(request, options)) {
          if (at++ === count) throw new TypeError('oops')
          yield chunk
        }
        if (at === count) throw new TypeError('oops')
      },
      { request, afterDelivery: 'restart' },
    )
    expect((await readText(stream)).error).toEqual(new TypeError('oops'))
    expect(seen).toHaveLength(1)
  })

  it('may decide by itself', async () => {
    const asked: unknown[] = []
    const { stream, seen } = play([{ status: 404 }, WHOLE], {
      policy: ({ code, attempt, delivered, effect }) => {
        asked.push({ code, attempt, delivered, effect })
        return 'restart'
      },
    })
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
    expect(asked).toEqual([{ code: '404', attempt: 1, delivered: 0, effect: undefined }])
    expect(seen).toHaveLength(2)
  })

  it.each<readonly [what: string, policy: () => never, message: string]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
      'mine',
    ],
    [
      'says nonsense',
      (() => 'again') as never,
      'A policy must say one of throw, restart, resume, continue; it said again.',
    ],
  ])('gets the error of a policy that %s', async (_, policy, message) => {
    const { stream } = play([REFUSED], { policy })
    expect((await readText(stream)).error?.message).toBe(message)
  })

  it('is refused what can not be done', async () => {
    const { stream } = play([HALF, WHOLE], { policy: () => 'resume' })
    expect((await readText(stream)).error).toMatchObject({ code: 'connection_reset', reason: 'not_possible' })
  })
})

describe('silence', () => {
  it('is a break where a limit is set', async () => {
    const stalled: Script = { pieces: [], after: 'stall' }
    const { stream } = play([stalled, WHOLE], { idleTimeoutMs: 20, clock: undefined })
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
    expect(stream.attempts[0]).toMatchObject({ code: 'body_timeout' })
  })

  it('leaves no timer behind, however the stream ends', async () => {
    for (const script of [WHOLE, HALF, REFUSED]) {
      const clock = new FakeClock()
      clock.isHeld = true
      const { stream } = play([script], { idleTimeoutMs: 1000, maxAttempts: 1, clock })
      await readText(stream)
      expect(clock.pending).toBe(0)
    }
  })

  it('after the end of an answer is none of its faults', async () => {
    const pieces = [chatEvent({ content: 'all' }), chatEvent({}, 'stop')]
    const { stream } = play([{ pieces, after: 'stall' }], { idleTimeoutMs: 20, clock: undefined })
    expect(await readText(stream)).toEqual({ text: 'all', error: undefined })
  })
})

describe('without a look at the bytes', () => {
  const unseen = (scripts: readonly Script[], options: RecoverOptions<typeof request> = {}) => {
    const { fetch } = scriptFetch(...scripts)
    const client = new OpenAI({ apiKey: 'k', baseURL: 'http://test/v1', logLevel: 'off', fetch })
    return recoverStream(async ({ options: own }) => await client.chat.completions.create(request, own), {
      request,
      clock: new FakeClock(),
      ...options,
    })
  }

  it.each<readonly [what: string, script: Script, code: string]>([
    ['a reset', HALF, 'connection_reset'],
    ['an end without a finish reason', { pieces: [chatEvent({ content: 'half ' })] }, 'missing_terminator'],
    ['cut JSON', { pieces: [chatEvent({ content: 'half ' }), 'data: {"id\n\n'] }, 'malformed_event'],
    ['an error of the server', { pieces: ['data: {"error":{"type":"x"}}\n\n'] }, 'upstream_error'],
    ['an empty stream', { pieces: [DONE] }, 'empty_stream'],
  ])('%s is told from what the SDK shows, as a guess', async (_, script, code) => {
    const stream = unseen([script], { maxAttempts: 1 })
    expect((await readText(stream)).error).toMatchObject({
      code,
      attempts: [{ code, confidence: 'guess' }],
      report: { fault: { code, confidence: 'guess' } },
    })
  })

  it('a whole answer is one', async () => {
    const stream = unseen([WHOLE])
    expect(await readText(stream)).toEqual({ text: 'a whole answer', error: undefined })
  })
})
