import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectedFor, FAULTS, HEALTHY, startFaultServer, type FaultServer } from '../src/index.ts'
import { observe } from './observe.ts'

/** Depend on timing alone: an observer may add them. */
const TIMING = new Set(['buffered', 'coalesced'])

describe.each([
  ['healthy', HEALTHY],
  ['fault', FAULTS],
])('an observer of %s', (prefix, injectors) => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.close())

  it.each(injectors.map((injector) => [injector.name, injector] as const))(
    '%s says what the table says',
    async (_, injector) => {
      const { outcome, fault, anomalies } = await observe(server, injector, prefix)
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
