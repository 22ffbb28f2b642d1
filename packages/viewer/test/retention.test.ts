import type { LogRecord, SpanRecord, Store } from '../src/index.ts'

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { ATTR, METRIC } from '@streamgauge/core/semconv'
import * as fc from 'fast-check'

import { listStreams, openStore, parseErrorRate } from '../src/index.ts'
import { countRows, hexId, log, span, streamSpan, sumPoint } from './records.ts'

const START_MS = 1_800_000_000_000

beforeEach(() => {
  jest.useFakeTimers({ now: START_MS })
})
afterEach(() => {
  jest.useRealTimers()
})

interface Limits {
  readonly maxStreams: number
  readonly maxSpans: number
  readonly maxLogs: number
  readonly maxBytesPerKind: number
  readonly maxAgeMs: number
}

/** Something that was kept: what it counts, and when it came. */
interface Kept {
  readonly key: string
  readonly bytes: number
  readonly receivedMs: number
}

/** The newest of them that the limits let stay. */
function trimmed(rows: readonly Kept[], maxRows: number, { maxBytesPerKind, maxAgeMs }: Limits): readonly Kept[] {
  const sum = (some: readonly Kept[]) => some.reduce((bytes, one) => bytes + one.bytes, 0)
  const first = rows.findIndex((one, i) => {
    const rest = rows.slice(i)
    return rest.length <= maxRows && sum(rest) <= maxBytesPerKind && one.receivedMs > Date.now() - maxAgeMs
  })
  return first === -1 ? [] : rows.slice(first)
}

const KINDS = {
  streams: 'SELECT span_id AS key, bytes FROM spans WHERE outcome IS NOT NULL ORDER BY id',
  spans: 'SELECT span_id AS key, bytes FROM spans WHERE outcome IS NULL ORDER BY id',
  logs: 'SELECT CAST(time_nanos AS TEXT) AS key, bytes FROM logs ORDER BY id',
}

function keptOf(store: Store, kind: keyof typeof KINDS): readonly { readonly key: string; readonly bytes: number }[] {
  return store.select(KINDS[kind]).map(({ key, bytes }) => ({ key: String(key), bytes: Number(bytes) }))
}

const limits = fc.record({
  maxStreams: fc.integer({ min: 1, max: 8 }),
  maxSpans: fc.integer({ min: 1, max: 8 }),
  maxLogs: fc.integer({ min: 1, max: 8 }),
  maxBytesPerKind: fc.integer({ min: 50, max: 2000 }),
  maxAgeMs: fc.integer({ min: 1, max: 3000 }),
})

const item = fc.record({ kind: fc.constantFrom('streams', 'spans', 'logs'), length: fc.nat({ max: 300 }) } as const)
const step = fc.record({ items: fc.array(item, { maxLength: 6 }), passesMs: fc.nat({ max: 1500 }) })

it('of each kind exactly the newest stay that count, size and age allow, whatever comes and whenever', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), limits, (steps, allowed) => {
      using store = openStore(allowed)
      using unlimited = openStore()
      const rows: Record<keyof typeof KINDS, readonly Kept[]> = { streams: [], spans: [], logs: [] }
      let id = 0
      for (const { items, passesMs } of steps) {
        jest.advanceTimersByTime(passesMs)
        const spans: SpanRecord[] = []
        const logs: LogRecord[] = []
        for (const { kind, length } of items) {
          id += 1
          const attributes = { filler: 'x'.repeat(length) }
          if (kind === 'logs') logs.push(log(id, { attributes }))
          else spans.push(kind === 'streams' ? streamSpan(id, attributes) : span(id, { attributes }))
        }
        for (const one of [store, unlimited]) {
          one.ingest({ signal: 'traces', records: spans })
          one.ingest({ signal: 'logs', records: logs })
        }
        for (const [kind, maxRows] of [
          ['streams', allowed.maxStreams],
          ['spans', allowed.maxSpans],
          ['logs', allowed.maxLogs],
        ] as const) {
          const all = keptOf(unlimited, kind)
          const fresh = all.slice(all.length - items.filter((one) => one.kind === kind).length)
          const received = fresh.map((one) => ({ ...one, receivedMs: Date.now() }))
          rows[kind] = trimmed([...rows[kind], ...received], maxRows, allowed)
          expect(keptOf(store, kind)).toEqual(rows[kind].map(({ key, bytes }) => ({ key, bytes })))
        }
      }
    }),
    { numRuns: 150 },
  )
}, 60_000)

it('what fills a limit to the last byte stays', () => {
  using measured = openStore()
  measured.ingest({ signal: 'traces', records: [streamSpan(1)] })
  const [{ bytes } = { bytes: 0 }] = keptOf(measured, 'streams')
  using exact = openStore({ maxBytesPerKind: 2 * bytes })
  using short = openStore({ maxBytesPerKind: 2 * bytes - 1 })
  for (const store of [exact, short]) store.ingest({ signal: 'traces', records: [1, 2, 3].map((id) => streamSpan(id)) })
  expect([keptOf(exact, 'streams').length, keptOf(short, 'streams').length]).toEqual([2, 1])
})

it('telemetry grows old where nothing more arrives', () => {
  using store = openStore({ maxAgeMs: 3_600_000 })
  store.ingest({ signal: 'traces', records: [streamSpan(1), span(2)] })
  store.ingest({ signal: 'logs', records: [log(1)] })
  jest.advanceTimersByTime(3_000_000)
  store.ingest({ signal: 'traces', records: [streamSpan(3)] })
  expect(listStreams(store)).toHaveLength(2)
  jest.advanceTimersByTime(660_000)
  expect(listStreams(store).map(({ spanId }) => spanId)).toEqual([hexId(3, 16)])
  expect([countRows(store, 'spans'), countRows(store, 'logs')]).toEqual([1, 0])
})

it('a series goes with its points when its newest point is too old, and counts until then', () => {
  using store = openStore({ maxAgeMs: 3_600_000 })
  const now = () => BigInt(Date.now()) * 1_000_000n
  const point = (process: string) =>
    sumPoint(METRIC.ENDED, 5, { resource: { process }, attributes: { [ATTR.OUTCOME]: 'completed' }, timeNanos: now() })
  store.ingest({ signal: 'metrics', records: [point('a')] })
  jest.advanceTimersByTime(3_000_000)
  store.ingest({ signal: 'metrics', records: [point('b')] })
  expect(parseErrorRate(store).ended).toBe(10)
  jest.advanceTimersByTime(660_000)
  expect(parseErrorRate(store).ended).toBe(5)
  expect([countRows(store, 'metric_series'), countRows(store, 'metric_points')]).toEqual([1, 1])
})

it('a store without an age keeps what is a hundred years old', () => {
  using store = openStore()
  store.ingest({ signal: 'traces', records: [streamSpan(1)] })
  jest.setSystemTime(START_MS + 100 * 365 * 86_400_000)
  store.ingest({ signal: 'traces', records: [streamSpan(2)] })
  expect(listStreams(store)).toHaveLength(2)
})

it.each([0, 0.5, -1, Number.NaN])('an age of %s is a RangeError that names it', (maxAgeMs) => {
  expect(() => openStore({ maxAgeMs })).toThrow(/^maxAgeMs must be an integer from 1 to /)
})
