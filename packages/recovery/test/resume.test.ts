import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { isRestart, recoverStream, requireComplete, type RecoverOptions, type StreamBrokenError } from '../src/index.ts'
import { FakeClock } from './fake-clock.ts'
import { until } from './play.ts'
import { responseEvent, scriptFetch, type Script } from './scripted-fetch.ts'
import { armFaults, makeClient, MAJORS } from './apps/sdks.ts'

const request = { model: 'm', input: 'hi', background: true, stream: true as const }

interface Reading {
  readonly events: readonly { readonly type: string; readonly sequence_number: number; readonly delta?: string }[]
  readonly error: StreamBrokenError | undefined
}

async function readEvents(stream: AsyncIterable<unknown>): Promise<Reading> {
  const events: unknown[] = []
  let error: unknown
  try {
    for await (const event of stream) events.push(event)
  } catch (thrown) {
    error = thrown
  }
  return { events, error } as Reading
}

const numbersOf = ({ events }: Reading): number[] => events.map((event) => event.sequence_number)
const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, number) => number)

describe.each(MAJORS)('openai %i and a response in the background', (major) => {
  let server: FaultServer
  beforeAll(async () => {
    // openai 4 writes what it can't parse to the console.
    jest.spyOn(console, 'error').mockImplementation(() => {})
    server = await startFaultServer({ settleMs: 100, timeScale: 0.01 })
  })
  afterAll(async () => {
    jest.restoreAllMocks()
    await server.close()
  })

  it.each<readonly [faults: readonly string[]]>([
    [['reset_inside_event']],
    [['cut_between_events', 'cut_inside_event', 'close_inside_event']],
    [['no_done', 'http_500', 'cut_json', 'stall_then_close']],
  ])('goes on where it broke off, after %j', async (faults) => {
    const client = await makeClient(major, server.baseURL)
    const whole = await readEvents(await client.responses.create(request))
    await armFaults(server.url, faults)
    const before = server.requests
    const stream = recoverStream(({ request: body, options }) => client.responses.create(body, options), {
      request,
      client,
      initialDelayMs: 1,
      maxAttempts: 10,
    })
    const reading = await readEvents(stream)
    expect(reading.error).toBeUndefined()
    expect(reading.events).toEqual(whole.events)
    expect(server.requests - before).toBe(faults.length + 1)
    expect(stream.attempts.map(({ action }) => action)).toEqual(['start', ...faults.map(() => 'resume')])
  })

  it('is looked at until it ends, where it can not be streamed any more', async () => {
    const client = await makeClient(major, server.baseURL)
    await armFaults(server.url, ['reset_inside_event', 'http_404'])
    const stream = recoverStream(({ request: body, options }) => client.responses.create(body, options), {
      request,
      client,
      initialDelayMs: 1,
    })
    const { events, error } = await readEvents(stream)
    expect(error).toBeUndefined()
    expect(stream.attempts.map(({ action, code }) => [action, code])).toEqual([
      ['start', 'connection_reset'],
      ['resume', '404'],
      ['poll', undefined],
    ])
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      sequence_number: events.length - 1,
      response: { status: 'completed', output: [{ type: 'message' }] },
    })
  })
})

const created = responseEvent('response.created', 0, { response: { id: 'resp_1', background: true } })
const delta = (number: number): string => responseEvent('response.output_text.delta', number, { delta: `w${number} ` })
const completed = (number: number): string =>
  responseEvent('response.completed', number, { response: { id: 'resp_1', status: 'completed' } })
const json = (body: object): Script => ({ status: 200, body: JSON.stringify(body) })
const BROKEN: Script = { pieces: [created, delta(1), delta(2)], after: 'reset' }
const TOO_OLD: Script = {
  status: 400,
  body: '{"error":{"message":"Response can no longer be streamed because it is more than 5 minutes old."}}',
}

/** @param takesMs how long each request takes on the clock */
async function prepare(scripts: readonly Script[], options: RecoverOptions<typeof request> = {}, takesMs = 0) {
  const { fetch: scripted, seen } = scriptFetch(...scripts)
  const clock = new FakeClock()
  const fetch: typeof scripted = (...asked) => {
    clock.now += takesMs
    return scripted(...asked)
  }
  const client = await makeClient(7, 'http://test/v1', { fetch })
  const stream = recoverStream(({ request: body, options: own }) => client.responses.create(body, own), {
    request,
    client,
    clock,
    random: () => 0.5,
    ...options,
  })
  return { seen, clock, stream }
}

async function play(...scripted: Parameters<typeof prepare>) {
  const played = await prepare(...scripted)
  return { ...played, reading: await readEvents(played.stream) }
}

describe('resuming', () => {
  it('asks for what comes behind the last event that the app has', async () => {
    const { seen, reading } = await play([BROKEN, { pieces: [delta(3), completed(4)] }])
    expect(seen[1]?.url).toBe('http://test/v1/responses/resp_1?stream=true&starting_after=2')
    expect(numbersOf(reading)).toEqual(upTo(4))
  })

  it('asks for the same fields as the request, also when it polls', async () => {
    const asking = {
      ...request,
      include: ['reasoning.encrypted_content'],
      stream_options: { include_obfuscation: false },
    }
    const ended: Script = json({ id: 'resp_1', object: 'response', status: 'completed', output: [] })
    const { seen, reading } = await play([BROKEN, TOO_OLD, ended], { request: asking })
    expect(reading.error).toBeUndefined()
    for (const { url } of seen.slice(1))
      expect(decodeURIComponent(url)).toMatch(/include(\[\d*\])?=reasoning\.encrypted_content/)
    expect(seen[1]?.url).toContain('include_obfuscation=false')
  })

  it('leaves out what a server sends again that pays no heed to starting_after', async () => {
    const { reading, stream } = await play([BROKEN, { pieces: [created, delta(1), delta(2), delta(3), completed(4)] }])
    expect(numbersOf(reading)).toEqual(upTo(4))
    expect(stream.attempts[1]).toMatchObject({ action: 'resume', repeated: 3, chunks: 2 })
  })

  it('goes on being tried as long as there are attempts', async () => {
    const { reading, seen } = await play([BROKEN, { status: 500 }], { maxAttempts: 3 })
    expect(reading.error).toMatchObject({ code: '500', reason: 'max_attempts', partial: { text: 'w1 w2 ' } })
    expect(seen).toHaveLength(3)
  })

  it('has as many attempts and as much time again with each new event', async () => {
    // Twelve breaks and 26 minutes; but one attempt, and two minutes, from each event to the next.
    const pieces = Array.from({ length: 12 }, (_, at): Script => ({ pieces: [delta(at + 3)], after: 'reset' }))
    const { reading } = await play([BROKEN, ...pieces, { pieces: [completed(15)] }], {}, 120_000)
    expect([reading.error, numbersOf(reading)]).toEqual([undefined, upTo(15)])
  })

  it('does not count the time that the app takes', async () => {
    const { stream, clock } = await prepare([BROKEN, { pieces: [delta(3), completed(4)] }])
    const got: unknown[] = []
    for await (const event of stream) {
      got.push(event)
      clock.now += 400_000
    }
    expect(got).toHaveLength(5)
  })

  it('has no more attempts for events that the app has already', async () => {
    const again: Script = { pieces: [created, delta(1)], after: 'reset' }
    const { reading, seen } = await play([BROKEN, again], { maxAttempts: 2 })
    expect(reading.error).toMatchObject({ reason: 'max_attempts' })
    expect(seen).toHaveLength(2)
  })

  it('counts from the first attempt where the answer begins anew', async () => {
    const pieces = Array.from({ length: 3 }, (_, at): Script => ({ pieces: [delta(at + 3)], after: 'reset' }))
    const { reading, seen } = await play([BROKEN, ...pieces], {
      maxAttempts: 3,
      policy: ({ attempt }) => (attempt < 4 ? 'resume' : 'restart'),
    })
    expect(reading.error).toMatchObject({ reason: 'max_attempts' })
    expect(seen).toHaveLength(4)
  })

  it('ends for good after a thousand attempts', async () => {
    const pieces = Array.from({ length: 1001 }, (_, at): Script => ({ pieces: [delta(at + 3)], after: 'reset' }))
    const { reading, stream } = await play([BROKEN, ...pieces], { initialDelayMs: 0 })
    expect(reading.error).toMatchObject({ reason: 'max_attempts' })
    expect(stream.attempts).toHaveLength(1000)
  })

  it.each<readonly [what: string, reason: string, options: RecoverOptions<typeof request>, first: Script]>([
    ['without a client', 'policy', { client: undefined }, BROKEN],
    [
      'of what is not in the background',
      'policy',
      { request: { ...request, background: false } },
      { pieces: [responseEvent('response.created', 0, { response: { id: 'resp_1' } }), delta(1)], after: 'reset' },
    ],
    ['before the id is known', 'effect', {}, { pieces: [], after: 'reset' }],
  ])('%s is not tried, and nothing is asked again', async (_, reason, options, first) => {
    const { reading, seen } = await play([first, BROKEN], options)
    expect(reading.error).toMatchObject({ code: 'connection_reset', reason })
    expect(seen).toHaveLength(1)
  })

  it('never begins the answer anew, whatever is done after a delivery', async () => {
    const { reading } = await play([BROKEN, { pieces: [delta(3), completed(4)] }], { afterDelivery: 'restart' })
    expect(reading.events.filter(isRestart)).toEqual([])
    expect(numbersOf(reading)).toEqual(upTo(4))
  })

  it('ends in an error where the response has failed', async () => {
    // A server error passes elsewhere; but this response is over, and there is nothing to resume.
    const failed = responseEvent('response.failed', 3, { response: { id: 'resp_1', error: { code: 'server_error' } } })
    const { reading, seen } = await play([BROKEN, { pieces: [failed] }])
    expect(reading.error).toMatchObject({ code: 'upstream_error', reason: 'policy' })
    expect(seen).toHaveLength(2)
  })
})

describe('a stream that is not resumed where the app is', () => {
  const gap: Script = { pieces: [delta(5), completed(6)] }
  const whole = (text: string): Script =>
    json({ id: 'resp_1', status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text }] }] })

  it('is asked for once more, and nothing is lost where that helps', async () => {
    const { reading, stream, seen } = await play([
      BROKEN,
      gap,
      { pieces: [delta(3), delta(4), delta(5), completed(6)] },
    ])
    expect([reading.error, numbersOf(reading)]).toEqual([undefined, upTo(6)])
    expect(seen[2]?.url).toBe(seen[1]?.url)
    expect(stream.attempts).toMatchObject([
      { action: 'start', anomalies: [] },
      { action: 'resume', missing: 2, chunks: 0, outcome: 'cancelled', anomalies: ['sequence_gap'] },
      { action: 'resume', missing: 0, chunks: 4, anomalies: [] },
    ])
  })

  it('is asked for its end where it is not, which has the whole text; and the loss is told', async () => {
    const { reading, stream, clock } = await play([BROKEN, gap, gap, whole('w1 w2 w3 w4 w5 ')])
    expect([reading.error, numbersOf(reading)]).toEqual([undefined, upTo(3)])
    expect(reading.events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ content: [{ text: 'w1 w2 w3 w4 w5 ' }] }] },
    })
    expect(stream.attempts.slice(1)).toMatchObject([
      { action: 'resume', missing: 2, chunks: 0 },
      { action: 'resume', missing: 2, chunks: 0 },
      { action: 'poll', missing: 2, chunks: 1, anomalies: ['sequence_gap'] },
    ])
    expect(clock.waits).toEqual([250, 500])
  })

  it('also where events that the app has come first', async () => {
    const { reading } = await play([BROKEN, { pieces: [delta(2), delta(5)] }, { pieces: [delta(3), completed(4)] }])
    expect([reading.error, numbersOf(reading)]).toEqual([undefined, upTo(4)])
  })

  it('is asked for its events again after new ones', async () => {
    const broken: Script = { pieces: [delta(3)], after: 'reset' }
    const { reading, stream } = await play([BROKEN, gap, broken, gap, { pieces: [delta(4), completed(5)] }])
    expect([reading.error, numbersOf(reading)]).toEqual([undefined, upTo(5)])
    expect(stream.attempts.map(({ action }) => action)).not.toContain('poll')
  })

  it('ends in what broke it where the bounds allow no more', async () => {
    const { reading, seen } = await play([BROKEN, gap], { maxAttempts: 2 })
    expect(reading.error).toMatchObject({ code: 'connection_reset', reason: 'max_attempts' })
    expect(seen).toHaveLength(2)
  })

  it('is left, and its connection with it', async () => {
    const { seen } = await play([BROKEN, { pieces: [delta(5)], after: 'stall' }, { pieces: [delta(3), completed(4)] }])
    expect(seen[1]?.signal?.aborted).toBe(true)
  })

  it('has its loss told also where something else came between', async () => {
    const { stream } = await play([BROKEN, gap, { status: 502 }, { status: 502 }, whole('w1 w2 w3 w4 w5 ')], {
      maxAttempts: 5,
    })
    expect(stream.attempts.slice(2)).toMatchObject([
      { action: 'resume', code: '502' },
      { action: 'poll', code: '502' },
      { action: 'poll', missing: 2, chunks: 1, anomalies: ['sequence_gap'] },
    ])
  })

  it.each<readonly [what: string, text: string, code: string | undefined]>([
    ['is complete with its whole text at the end', 'w1 w2 w3 ', undefined],
    ['is not complete with less than what came', 'w1 ', 'missing_events'],
  ])('%s', async (_, text, code) => {
    const { stream } = await prepare([BROKEN, gap, gap, whole(text)])
    expect((await readEvents(requireComplete(stream, { request }))).error?.code).toBe(code)
  })
})

describe('polling', () => {
  const running = json({ id: 'resp_1', object: 'response', status: 'in_progress', output: [] })
  const ended = (status: string): Script => json({ id: 'resp_1', object: 'response', status, output: [] })

  it('looks at the response until it has ended, and gives the one event that ends its stream', async () => {
    const { reading, clock, seen } = await play([BROKEN, TOO_OLD, running, running, ended('completed')])
    expect(reading.error).toBeUndefined()
    expect(reading.events.at(-1)).toMatchObject({
      type: 'response.completed',
      sequence_number: 3,
      response: { id: 'resp_1', status: 'completed' },
    })
    expect(clock.waits).toEqual([250, 2000, 2000])
    expect(seen.slice(2).map(({ url }) => url)).toEqual(
      Array.from({ length: 3 }, () => 'http://test/v1/responses/resp_1'),
    )
  })

  it('tells an incomplete answer as the stream would have', async () => {
    const { reading } = await play([BROKEN, TOO_OLD, ended('incomplete')])
    expect([reading.error, reading.events.at(-1)?.type]).toEqual([undefined, 'response.incomplete'])
  })

  it.each(['failed', 'cancelled'])('ends in an error where the response is %s', async (status) => {
    const { reading } = await play([BROKEN, TOO_OLD, ended(status)])
    expect(reading.error).toMatchObject({ code: 'upstream_error', cause: { response: { status } } })
  })

  it('stops when the time is over, with the break that began it', async () => {
    const { reading, clock } = await play([BROKEN, TOO_OLD, running], { maxElapsedMs: 10_000 })
    expect(reading.error).toMatchObject({
      code: 'connection_reset',
      reason: 'max_elapsed',
      partial: { text: 'w1 w2 ' },
    })
    expect(clock.now).toBeLessThanOrEqual(10_000)
  })

  it.each<readonly [what: string, failure: Script]>([
    ['a server that fails', { status: 502 }],
    ['a connection that breaks before a new event', { pieces: [delta(2)], after: 'reset' }],
  ])('takes the place of resuming after %s twice, and a wait', async (_, failure) => {
    const { reading, stream, clock } = await play([BROKEN, failure, failure, ended('completed')])
    expect(reading.error).toBeUndefined()
    expect(stream.attempts.map(({ action }) => action)).toEqual(['start', 'resume', 'resume', 'poll'])
    expect(clock.waits).toEqual([250, 500, 1000])
  })

  it('does not take its place while each attempt brings something', async () => {
    const { stream } = await play([
      BROKEN,
      { status: 502 },
      { pieces: [delta(3)], after: 'reset' },
      { status: 502 },
      { pieces: [completed(4)] },
    ])
    expect(stream.attempts.map(({ action }) => action)).not.toContain('poll')
  })

  it('takes the place of resuming where it fails once and comes with a gap once', async () => {
    const { stream } = await play([BROKEN, { status: 502 }, { pieces: [delta(5)] }, ended('completed')])
    expect(stream.attempts.map(({ action }) => action)).toEqual(['start', 'resume', 'resume', 'poll'])
  })

  it('is tried again where the server fails meanwhile', async () => {
    const { reading, stream } = await play([BROKEN, TOO_OLD, { status: 502 }, ended('completed')])
    expect(reading.error).toBeUndefined()
    expect(stream.attempts.map(({ action }) => action)).toEqual(['start', 'resume', 'poll', 'poll'])
  })

  it('ends at once when the signal is aborted', async () => {
    const controller = new AbortController()
    const { fetch, seen } = scriptFetch(BROKEN, TOO_OLD, running)
    const client = await makeClient(7, 'http://test/v1', { fetch })
    const clock = new FakeClock()
    const stream = recoverStream(({ request: body, options: own }) => client.responses.create(body, own), {
      request,
      client,
      clock,
      signal: controller.signal,
      initialDelayMs: 0,
    })
    for (const _ of [1, 2, 3]) await stream.next()
    clock.isHeld = true
    const next = stream.next()
    await until(() => seen.length === 3 && clock.pending > 0)
    controller.abort(new Error('enough'))
    await expect(next).rejects.toThrow(new Error('enough'))
    expect(clock.pending).toBe(0)
  })
})
