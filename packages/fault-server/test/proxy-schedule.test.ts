import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  PROXY_FAULTS,
  startFaultProxy,
  startFaultServer,
  type FaultProxyOptions,
  type FaultServer,
  type ProxiedRequest,
  type ScheduledFault,
} from '../src/index.ts'
import { createSchedule, type RequestFacts } from '../src/proxy/schedule.ts'
import { formatRequest } from './streaming-request.ts'

const facts = (number: number, more: Partial<RequestFacts> = {}): RequestFacts => ({
  number,
  atMs: 0,
  method: 'POST',
  path: '/v1/chat/completions',
  model: 'gpt-5',
  stream: true,
  attempt: 0,
  ...more,
})

/** Which of so many requests are broken. */
const due = (scheduled: readonly ScheduledFault[], requests: number | readonly RequestFacts[], seed = 1): number[] => {
  const schedule = createSchedule(scheduled, seed)
  const all = typeof requests === 'number' ? Array.from({ length: requests }, (_, index) => facts(index + 1)) : requests
  return all.filter((request) => schedule(request) !== undefined).map(({ number }) => number)
}

describe('a fault is due', () => {
  it.each<readonly [name: string, conditions: Partial<ScheduledFault>, expected: readonly number[]]>([
    ['for each request without a condition', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['for the third', { nth: 3 }, [3]],
    ['for the first and the seventh', { nth: [1, 7] }, [1, 7]],
    ['for every third', { every: 3 }, [3, 6]],
    ['at most twice', { times: 2 }, [1, 2]],
    ['for every second, at most twice', { every: 2, times: 2 }, [2, 4]],
    ['never at a rate of 0', { rate: 0 }, []],
    ['always at a rate of 1', { rate: 1 }, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['for a path', { path: '/v1/responses' }, []],
    ['for an expression that the path matches', { path: /chat/ }, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['for a model', { model: 'gpt-5' }, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['for no other model', { model: 'gpt' }, []],
    ['for what a function says', { match: ({ number }) => number > 6 }, [7, 8]],
  ])('%s', (_, conditions, expected) => {
    expect(due([{ fault: 'no_done', ...conditions }], 8)).toEqual(expected)
  })

  it('in a window of time, its end not included', () => {
    const requests = [0, 10, 19, 20, 30].map((atMs, index) => facts(index + 1, { atMs }))
    expect(due([{ fault: 'no_done', betweenMs: [10, 20] }], requests)).toEqual([2, 3])
  })

  it('by the count of the requests that fit, not of all', () => {
    const requests = Array.from({ length: 8 }, (_, index) => facts(index + 1, { model: index % 2 === 0 ? 'a' : 'b' }))
    expect(due([{ fault: 'no_done', model: 'b', nth: 2 }], requests)).toEqual([4])
  })

  it('for no request without a model, where one is named', () => {
    expect(due([{ fault: 'no_done', model: /./ }], [facts(1, { model: undefined })])).toEqual([])
  })

  it('once in twenty at a rate of 1/20, and elsewhere with another seed', () => {
    const [one, other] = [1, 2].map((seed) => due([{ fault: 'no_done', rate: 1 / 20 }], 10_000, seed))
    expect(one?.length).toBeGreaterThan(420)
    expect(one?.length).toBeLessThan(580)
    expect(one).not.toEqual(other)
  })

  it('and of several the first is chosen, while each counts for itself', () => {
    const schedule = createSchedule(
      [
        { fault: 'no_done', nth: 2 },
        { fault: 'cut_json', every: 2 },
      ],
      1,
    )
    const chosen = [1, 2, 3, 4].map((number) => schedule(facts(number))?.fault.name)
    expect(chosen).toEqual([undefined, 'no_done', undefined, 'cut_json'])
  })

  it('at a place between the least and the most', () => {
    const schedule = createSchedule([{ fault: 'no_done', afterEvents: [2, 5] }], 1)
    const places = Array.from({ length: 200 }, (_, index) => schedule(facts(index + 1))?.afterEvents)
    expect(new Set(places)).toEqual(new Set([2, 3, 4, 5]))
  })
})

const scheduledFault: fc.Arbitrary<ScheduledFault> = fc.record(
  {
    fault: fc.constantFrom(...PROXY_FAULTS.map(({ name }) => name)),
    rate: fc.double({ min: 0, max: 1, noNaN: true }),
    every: fc.integer({ min: 1, max: 5 }),
    times: fc.integer({ min: 1, max: 9 }),
    model: fc.constantFrom('a', 'b', /a|b/),
    afterEvents: fc
      .tuple(fc.nat(9), fc.nat(9))
      .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const),
  },
  { requiredKeys: ['fault'] },
)

it('the same seed, schedule and order of requests give the same faults at the same places', () => {
  fc.assert(
    fc.property(
      fc.array(scheduledFault, { maxLength: 5 }),
      fc.nat(2 ** 32 - 1),
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
      (scheduled, seed, models) => {
        const [one, other] = [createSchedule(scheduled, seed), createSchedule(scheduled, seed)]
        const requests = models.map((model, index) => facts(index + 1, { model }))
        expect(requests.map(one)).toEqual(requests.map(other))
      },
    ),
  )
})

describe('a bad option', () => {
  it.each<readonly [options: object, message: string]>([
    [
      { upstream: 'ftp://x' },
      'Option "upstream" must be an http or https URL without user, query or fragment; received "ftp://x".',
    ],
    [
      { upstream: 'http://me:secret@x' },
      'Option "upstream" must be an http or https URL without user, query or fragment; received "http://***@x".',
    ],
    [{}, 'Option "upstream" must be an http or https URL without user, query or fragment; received "".'],
    [{ upstream: 'http://x', port: -1 }, 'Option "port" must be an integer from 0 to 65535; received -1.'],
    [
      { upstream: 'http://x', maxLogEntries: 0 },
      'Option "maxLogEntries" must be an integer from 1 to 1000000; received 0.',
    ],
    [
      { upstream: 'http://x', agent: {} },
      'Option "agent" must be an agent of node:http or node:https; received [object Object].',
    ],
    [
      { upstream: 'http://x', schedule: [{ fault: 'no_done', rate: 2 }] },
      'Option "schedule[0].rate" must be a number from 0 to 1; received 2.',
    ],
    [
      { upstream: 'http://x', schedule: [{}] },
      'Option "schedule[0].fault" must be the name of a fault, or an object with a name and a play method; received "".',
    ],
    [
      { upstream: 'http://x', schedule: [{ fault: 'no_done', often: 1 }] },
      'Unknown option "schedule[0].often": allowed are fault, path, model, match, nth, every, rate, betweenMs, times, afterEvents.',
    ],
    [
      { upstream: 'http://x', schedule: [{ fault: 'no_done', betweenMs: [2, 1] }] },
      'Option "schedule[0].betweenMs" must be two numbers from 0 on, the first not above the second; received 2,1.',
    ],
  ])('%j is named with what is allowed and what came', async (options, message) => {
    await expect(startFaultProxy(options as FaultProxyOptions)).rejects.toThrow(new RangeError(message))
  })

  it('that names an unknown fault gets the nearest', async () => {
    const starting = startFaultProxy({ upstream: 'http://x', schedule: [{ fault: 'cut_jsn' }] })
    await expect(starting).rejects.toThrow(
      'Option "schedule[0].fault": there is no "cut_jsn". Did you mean "cut_json"?',
    )
  })
})

describe('thousands of requests', () => {
  const REQUESTS = 2000
  const SEED = 20_261_128
  /** Those that take no time of their own. */
  const SCHEDULE: readonly ScheduledFault[] = [
    ...['cut_inside_event', 'reset_inside_event', 'close_inside_event', 'cut_json', 'html_as_event'].map((fault) => ({
      fault,
      rate: 1 / 40,
    })),
    { fault: 'http_429', every: 50 },
    { fault: 'close_before_headers', path: '/v1/responses', rate: 1 / 10 },
    { fault: 'unterminated_event', model: 'healthy:gzip', nth: [3, 5, 8] },
  ]
  const ASKED = [
    formatRequest('chat', 'plain'),
    formatRequest('responses', 'plain'),
    formatRequest('chat', 'healthy:gzip'),
    { path: '/models', body: undefined },
  ] as const

  interface Answer {
    readonly text: string
    readonly ending: string
  }

  let upstream: FaultServer
  beforeAll(async () => {
    upstream = await startFaultServer({ settleMs: 0 })
  })
  afterAll(() => upstream.close())

  const ask = async (baseURL: string, number: number): Promise<Answer> => {
    const { path, body } = ASKED[number % ASKED.length] as (typeof ASKED)[number]
    let text = ''
    try {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(baseURL + path, body === undefined ? {} : { method: 'POST', body, headers })
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
        text += Buffer.from(chunk).toString('latin1')
      return { text, ending: String(response.status) }
    } catch {
      return { text, ending: 'broken' }
    }
  }

  const soak = async (): Promise<readonly [answers: readonly Answer[], log: readonly ProxiedRequest[]]> => {
    await using proxy = await startFaultProxy({
      upstream: upstream.baseURL,
      seed: SEED,
      schedule: SCHEDULE,
      settleMs: 5,
    })
    const answers: Answer[] = []
    for (let number = 0; number < REQUESTS; number += 1) answers.push(await ask(proxy.baseURL, number))
    return [answers, [...proxy.log]]
  }

  it(`are accounted for one by one, with the seed ${SEED}`, async () => {
    const healthy = await Promise.all(ASKED.map((_, number) => ask(upstream.baseURL, number)))
    const [answers, log] = await soak()
    expect(log).toHaveLength(REQUESTS)
    const isHarmed = answers.map(({ text, ending }, number) => {
      const whole = healthy[number % ASKED.length]
      return text !== whole?.text || ending !== whole.ending
    })
    expect(log.map(({ number, state }) => [number, state])).toEqual(
      log.map(({ fault }, index) => [
        index + 1,
        isHarmed[index] === true ? 'struck' : fault === undefined ? 'passed' : 'missed',
      ]),
    )
    const struck = log.filter(({ state }) => state === 'struck')
    expect(new Set(struck.map(({ fault }) => fault))).toEqual(new Set(SCHEDULE.map(({ fault }) => fault)))
    // What isn't a stream can't be cut, and says so.
    const missed = log.filter(({ state }) => state === 'missed')
    expect(missed.map(({ path, reason }) => [path, reason])).toEqual(
      missed.map(() => ['/v1/models', 'not_an_event_stream']),
    )
    expect(struck.length + missed.length).toBe(log.filter(({ fault }) => fault !== undefined).length)
  }, 120_000)
})

it('the log forgets the oldest beyond its maximum', async () => {
  await using upstream = await startFaultServer()
  await using proxy = await startFaultProxy({ upstream: upstream.baseURL, maxLogEntries: 2 })
  for (let count = 0; count < 3; count += 1) await (await fetch(`${proxy.baseURL}/models`)).text()
  expect(proxy.log.map(({ number }) => number)).toEqual([2, 3])
  expect(proxy.requests).toBe(3)
})
