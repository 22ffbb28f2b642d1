import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { StreamReport } from '@streamgauge/core'
import {
  expectedFor,
  HEALTHY,
  PROXY_FAULTS,
  speaks,
  startFaultProxy,
  startFaultServer,
  STREAMING_APIS,
  type FaultServer,
  type Injector,
  type ProxiedRequest,
  type ProxyFault,
  type StreamingApi,
} from '../src/index.ts'
import { observe } from './observe.ts'
import { formatRequest } from './streaming-request.ts'

/** Depend on timing alone: an observer may add them. */
const TIMING = new Set(['buffered', 'coalesced'])

/** Streams open at once: most of them wait most of the time. */
const CONCURRENCY = 8

/** What arrives late, or in bursts, shows in an answer of some length. */
const LONG = { ...(HEALTHY[0] as Injector), name: 'long', answer: { pieces: 40 } }

let upstream: FaultServer
beforeAll(async () => {
  upstream = await startFaultServer({ extraFaults: [LONG] })
})
afterAll(() => upstream.close())

/** What each upstream spells in its own way is broken in the same way. */
const SPELLINGS = ['crlf', 'gzip', 'bytewise', 'multi_data'] as const

interface Seen {
  readonly report: StreamReport
  readonly log: readonly ProxiedRequest[]
}

const observeProxied = async (fault: ProxyFault, api: StreamingApi, model = 'fault:long'): Promise<Seen> => {
  await using proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault, afterEvents: 2 }] })
  const hints = fault.client === undefined ? {} : { client: fault.client }
  const [prefix = '', name = ''] = model.split(':')
  const report = await observe(proxy, { ...LONG, ...hints, name }, prefix, api)
  return { report, log: [...proxy.log] }
}

const runAll = async <Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> => {
  const waiting = [...items]
  const runNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, runNext))
}

const tell = ({ outcome, fault, anomalies }: StreamReport, required: readonly string[]): object => ({
  outcome,
  errorType: fault?.code,
  detail: fault?.detail,
  cause: fault === undefined ? undefined : [fault.cause, fault.confidence],
  anomalies: anomalies.map(({ type }) => type).filter((type) => required.includes(type) || !TIMING.has(type)),
})

const wanted = (fault: ProxyFault): object => {
  const { outcome, errorType, detail, cause, anomalies = [] } = expectedFor(fault, 6)
  return { outcome, errorType, detail, cause, anomalies }
}

describe.each(STREAMING_APIS)('a proxied answer of %s', (api) => {
  const faults = PROXY_FAULTS.filter((fault) => speaks(fault, api))
  const seen = new Map<ProxyFault, Seen>()
  beforeAll(
    () =>
      runAll(faults, async (fault) => {
        seen.set(fault, await observeProxied(fault, api))
      }),
    60_000,
  )

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    'that is broken by %s is told as what the table says',
    (name, fault) => {
      const { report, log } = seen.get(fault) as Seen
      expect(tell(report, fault.expected.anomalies ?? [])).toEqual(wanted(fault))
      expect(log.map((entry) => [entry.fault, entry.state])).toEqual(log.map(() => [name, 'struck']))
    },
  )
})

describe.each(SPELLINGS)('an upstream that answers with %s', (spelling) => {
  /** What takes no time. */
  const faults = PROXY_FAULTS.filter(({ api, asksUpstream, client, expected, name }) => {
    const isQuick = client === undefined && expected.anomalies === undefined && name !== 'late_headers'
    return asksUpstream && isQuick && speaks({ api }, 'chat')
  })
  const seen = new Map<ProxyFault, Seen>()
  beforeAll(
    () =>
      runAll(faults, async (fault) => {
        seen.set(fault, await observeProxied(fault, 'chat', `healthy:${spelling}`))
      }),
    60_000,
  )

  it.each(faults.map((fault) => [fault.name, fault] as const))('is broken by %s all the same', (_, fault) => {
    const { report, log } = seen.get(fault) as Seen
    expect(tell(report, [])).toEqual(wanted(fault))
    expect(log.map(({ state }) => state)).toEqual(['struck'])
  })
})

describe('a fault that finds nothing to break', () => {
  it.each([
    ['an answer that is no stream', '{"model":"plain"}', 'not_an_event_stream'],
    ['an error of the upstream', '{"model":"fault:http_500","stream":true}', 'not_an_event_stream'],
    ['an empty body', '{"model":"fault:empty_body","stream":true}', 'answer_too_short'],
  ])('passes %s on as it is, and says so', async (_, body, reason) => {
    await using proxy = await startFaultProxy({ upstream: upstream.baseURL, schedule: [{ fault: 'cut_json' }] })
    const ask = async (baseURL: string): Promise<unknown> => {
      const response = await fetch(`${baseURL}/chat/completions`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
      return [response.status, await response.text()]
    }
    expect(await ask(proxy.baseURL)).toEqual(await ask(upstream.baseURL))
    expect(proxy.log).toMatchObject([{ fault: 'cut_json', state: 'missed', reason }])
  })
})

it('strikes at the event that finishes an answer, should that come first', async () => {
  await using proxy = await startFaultProxy({
    upstream: upstream.baseURL,
    schedule: [{ fault: 'cut_inside_event', afterEvents: 1000 }],
  })
  const { path, body } = formatRequest('chat', 'plain')
  const text = await (await fetch(proxy.baseURL + path, { method: 'POST', body })).text()
  expect(text).not.toContain('"finish_reason":"stop"}]}\n\n')
  expect(text).not.toContain('[DONE]')
  expect(proxy.log).toMatchObject([{ state: 'struck' }])
})

it('logs where it struck', async () => {
  await using proxy = await startFaultProxy({
    upstream: upstream.baseURL,
    schedule: [{ fault: 'no_done', afterEvents: 3 }],
  })
  const { path, body } = formatRequest('chat', 'plain')
  const text = await (await fetch(proxy.baseURL + path, { method: 'POST', body })).text()
  expect(text.match(/data: /g)).toHaveLength(3)
  expect(proxy.log).toMatchObject([{ struckAfterBytes: Buffer.byteLength(text), bytes: Buffer.byteLength(text) }])
})

it('does not ask the upstream where a fault answers in its place', async () => {
  await using own = await startFaultServer()
  const faults = PROXY_FAULTS.filter(({ asksUpstream }) => !asksUpstream)
  await using proxy = await startFaultProxy({
    upstream: own.baseURL,
    holdMs: 1,
    settleMs: 0,
    schedule: faults.map((fault, index) => ({ fault, nth: index + 1 })),
  })
  const { path, body } = formatRequest('chat', 'plain')
  for (const _ of faults) await fetch(proxy.baseURL + path, { method: 'POST', body }).catch(() => undefined)
  expect(proxy.log.map(({ fault, state }) => [fault, state])).toEqual(faults.map(({ name }) => [name, 'struck']))
  expect(own.requests).toBe(0)
})
