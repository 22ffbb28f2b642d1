import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectedFor, FAULTS, HEALTHY, startFaultServer, type FaultServer, type Injector } from '../src/index.ts'
import { observe, type StreamingApi } from './observe.ts'

/** Depend on timing alone: an observer may add them. */
const TIMING = new Set(['buffered', 'coalesced'])

const APIS: readonly StreamingApi[] = ['chat', 'completions', 'responses']

const listCases = (prefix: string, injectors: readonly Injector[], api: StreamingApi): readonly Case[] =>
  injectors
    .filter((injector) => injector.api === 'any' || injector.api === api)
    .map((injector) => [prefix, injector.name, injector])

type Case = readonly [prefix: string, name: string, injector: Injector]

describe.each(APIS)('an observer of %s', (api) => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.close())

  it.each([...listCases('healthy', HEALTHY, api), ...listCases('fault', FAULTS, api)])(
    'says of %s:%s what the table says',
    async (prefix, _, injector) => {
      const { outcome, fault, anomalies } = await observe(server, injector, prefix, api)
      const expected = expectedFor(injector, 6)
      const required = expected.anomalies ?? []
      const seen = anomalies.map(({ type }) => type).filter((type) => required.includes(type) || !TIMING.has(type))
      expect({ outcome, errorType: fault?.code, detail: fault?.detail, anomalies: seen }).toEqual({
        outcome: expected.outcome,
        errorType: expected.errorType,
        detail: expected.detail,
        anomalies: required,
      })
    },
  )
})
