import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { StreamReport } from '@streamgauge/core'
import {
  expectedFor,
  FAULTS,
  HEALTHY,
  speaks,
  startFaultServer,
  STREAMING_APIS,
  type FaultServer,
  type Injector,
  type StreamingApi,
} from '../src/index.ts'
import { observe } from './observe.ts'

/** Depend on timing alone: an observer may add them. */
const TIMING = new Set(['buffered', 'coalesced'])

type Case = readonly [prefix: string, name: string, injector: Injector]

const listCases = (prefix: string, injectors: readonly Injector[], api: StreamingApi): readonly Case[] =>
  injectors.filter((injector) => speaks(injector, api)).map((injector) => [prefix, injector.name, injector])

/** Streams open at once: most of them wait most of the time. */
const CONCURRENCY = 8

describe.each(STREAMING_APIS)('an observer of %s', (api) => {
  const cases = [...listCases('healthy', HEALTHY, api), ...listCases('fault', FAULTS, api)]
  const reports = new Map<Injector, StreamReport>()
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
    const waiting = [...cases]
    const observeNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [prefix, , injector] = next
        reports.set(injector, await observe(server, injector, prefix, api))
      }
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, observeNext))
  }, 60_000)
  afterAll(() => server.close())

  it.each(cases)('says of %s:%s what the table says', (_, __, injector) => {
    const { outcome, fault, anomalies } = reports.get(injector) as StreamReport
    const expected = expectedFor(injector, 6)
    const required = expected.anomalies ?? []
    const seen = anomalies.map(({ type }) => type).filter((type) => required.includes(type) || !TIMING.has(type))
    const cause = fault === undefined ? undefined : [fault.cause, fault.confidence]
    expect({ outcome, errorType: fault?.code, detail: fault?.detail, cause, anomalies: seen }).toEqual({
      outcome: expected.outcome,
      errorType: expected.errorType,
      detail: expected.detail,
      cause: expected.cause,
      anomalies: required,
    })
  })
})
