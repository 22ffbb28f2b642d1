import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ANOMALIES, CAUSES, FAULT_CODES, MALFORMED_DETAILS, OUTCOMES } from '@streamgauge/core'
import {
  FAULTS,
  HEALTHY,
  HTTP2_FAULTS,
  NOT_INJECTABLE,
  expectedFor,
  type Expected,
  type Injector,
} from '../src/index.ts'

const ALL = [...FAULTS, ...HEALTHY, ...HTTP2_FAULTS]
const SOURCE = join(import.meta.dirname, '../src')
const named = (injectors: readonly Injector[]): readonly (readonly [string, Injector])[] =>
  injectors.map((injector) => [injector.name, injector])
const expectations = (injector: Injector): readonly Expected[] => [
  injector.expected,
  ...Object.values(injector.expectedByMajor ?? {}),
]

describe('a code of the catalogue', () => {
  const injected = new Set(FAULTS.map(({ expected }) => expected.errorType))

  it.each(FAULT_CODES)('%s has an injector, or a reason why it has none', (code) => {
    const reasons = NOT_INJECTABLE.filter((entry) => entry.code === code)
    expect([injected.has(code), reasons.length]).toEqual(injected.has(code) ? [true, 0] : [false, 1])
  })

  it.each(MALFORMED_DETAILS)('malformed_event %s has an injector', (detail) => {
    expect(FAULTS.some(({ expected }) => expected.detail === detail)).toBe(true)
  })

  it.each(ANOMALIES)('the anomaly %s has an injector', (anomaly) => {
    expect(ALL.some(({ expected }) => expected.anomalies?.includes(anomaly))).toBe(true)
  })

  it.each(NOT_INJECTABLE.map((entry) => [entry.code, entry] as const))('%s says what stands in for it', (_, entry) => {
    expect(FAULTS.map(({ name }) => name)).toContain(entry.instead.name)
  })
})

describe('an injector', () => {
  it.each(named(ALL))('%s expects only what core knows', (_, injector) => {
    for (const { outcome, errorType, detail, cause, anomalies = [] } of expectations(injector)) {
      expect(OUTCOMES).toContain(outcome)
      expect([undefined, '401', '403', '404', '429', '500', '502', ...FAULT_CODES]).toContain(errorType)
      expect([undefined, ...MALFORMED_DETAILS]).toContain(detail)
      expect(ANOMALIES).toEqual(expect.arrayContaining([...anomalies]))
      expect(errorType !== undefined).toBe(outcome === 'broken')
      expect(detail !== undefined).toBe(errorType === 'malformed_event')
      expect(cause !== undefined).toBe(outcome === 'broken')
      if (cause !== undefined) expect(CAUSES).toContain(cause[0])
    }
  })

  it.each(named(ALL))('%s has a name in snake_case and a summary of one sentence', (_, { name, summary }) => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
    expect(summary).toMatch(/^[A-Z0-9[][^\n]*\.$/)
  })

  it('has a name of its own', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length)
  })
})

it.each([
  ['faults', FAULTS],
  ['healthy', HEALTHY],
  ['http2-faults', HTTP2_FAULTS],
])('%s has one injector per file, and no file beside the table', (folder, injectors) => {
  const files = readdirSync(join(SOURCE, folder)).filter((file) =>
    readFileSync(join(SOURCE, folder, file), 'utf8').includes(': Injector = {'),
  )
  expect(files.toSorted()).toEqual(injectors.map(({ name }) => `${name.replaceAll('_', '-')}.ts`).toSorted())
})

it.each(named(HEALTHY))('the healthy stream %s is expected to complete', (_, injector) => {
  for (const { outcome } of expectations(injector)) expect(outcome).toBe('completed')
})

describe('expectedFor', () => {
  const lateReset = FAULTS.find(({ name }) => name === 'late_reset') as Injector

  it('prefers what is known of a major version', () => {
    expect(expectedFor(lateReset, 7)).toEqual({ outcome: 'completed' })
  })

  it('falls back to what holds for all others', () => {
    expect(expectedFor(lateReset, 5)).toEqual(lateReset.expected)
  })
})
