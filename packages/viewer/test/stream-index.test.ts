import type { SpanRecord, Store } from '../src/index.ts'
import type { StreamCursor } from '../src/queries/find-streams.ts'
import type { Overview } from '../src/queries/overview.ts'
import type { StreamConditions } from '../src/queries/stream-conditions.ts'

import { expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import * as fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openStore } from '../src/index.ts'
import { findStreams } from '../src/queries/find-streams.ts'
import { readOverview } from '../src/queries/overview.ts'
import { stepOf } from '../src/stream-index/steps.ts'
import { streamColumnsOf } from '../src/stream-index/stream-index.ts'
import { span, streamSpan } from './records.ts'

const NAMES = ['a', 'b', 'a b'] as const
const name = fc.constantFrom(undefined, ...NAMES)
const startMs = fc.nat({ max: 40 })
const seconds = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(undefined))

/** A stream, or another span; several may have one id, as where an exporter sends again. */
const record = fc
  .record({
    id: fc.integer({ min: 1, max: 40 }),
    isStream: fc.boolean(),
    service: fc.constantFrom(...NAMES),
    startNanos: fc.tuple(startMs, fc.nat({ max: 2 })).map(([ms, nanos]) => BigInt(ms) * 1_000_000n + BigInt(nanos)),
    attributes: fc.record({
      [ATTR.OUTCOME]: fc.constantFrom('completed', 'broken'),
      [GEN_AI.REQUEST_MODEL]: name,
      [GEN_AI.SERVER_ADDRESS]: name,
      [GEN_AI.ERROR_TYPE]: name,
      [ATTR.CAUSE]: name,
      [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: seconds,
      [ATTR.MAX_GAP]: seconds,
      [ATTR.ANOMALIES]: fc.constantFrom(undefined, ['Stalled'], ['bom', 'stalled']),
    }),
  })
  .map(({ id, isStream, service, startNanos, attributes }): SpanRecord => {
    if (!isStream) return span(id, { service })
    // Without what isn't there.
    return streamSpan(id, JSON.parse(JSON.stringify(attributes)), { service, startNanos })
  })

/** Most are left open: of several at once nothing is left. */
const rarely = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, { arbitrary: value, weight: 1 })

const conditions = fc.record({
  service: rarely(name),
  model: rarely(name),
  host: rarely(name),
  outcome: rarely(fc.constantFrom('completed', 'broken')),
  fault: rarely(name),
  cause: rarely(name),
  text: rarely(fc.constantFrom('', ' ', 'A', 'stall', 'a BOM', 'b b completed', '0000f', '0000f a', 'none')),
  sinceMs: rarely(startMs),
  untilMs: rarely(startMs),
})

type Stream = SpanRecord & { readonly outcome: string }

/** The ids of the streams that a store of this limit keeps of all that came, computed anew. */
function keptIds(batches: readonly (readonly SpanRecord[])[], maxStreams: number): readonly string[] {
  let streams: readonly string[] = []
  const others = new Set<string>()
  for (const records of batches) {
    const known = new Set([...streams, ...others])
    for (const { traceId, attributes } of records) {
      if (known.has(traceId)) continue
      known.add(traceId)
      if (attributes[ATTR.OUTCOME] === undefined) others.add(traceId)
      else streams = [...streams, traceId]
    }
    streams = streams.slice(-maxStreams)
  }
  return streams
}

/** The streams that are in a store, in the order in which they came, by the spans alone. */
function storedStreams(store: Store): readonly Stream[] {
  const columns = 'trace_id, span_id, service, outcome, attributes, CAST(start_nanos AS TEXT) AS start'
  return store.select(`SELECT ${columns} FROM spans WHERE outcome IS NOT NULL ORDER BY id`).map((row) => ({
    ...streamSpan(1, JSON.parse(String(row['attributes']))),
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
    service: String(row['service']),
    outcome: String(row['outcome']),
    startNanos: BigInt(String(row['start'])),
  }))
}

const text = (stream: SpanRecord, key: string) => (stream.attributes[key] ?? null) as string | null

function meets(stream: Stream, wanted: StreamConditions): boolean {
  const { traceId, spanId, service, outcome, attributes } = stream
  const names = [GEN_AI.REQUEST_MODEL, GEN_AI.SERVER_ADDRESS, GEN_AI.ERROR_TYPE, ATTR.CAUSE].map((key) =>
    text(stream, key),
  )
  const fields = [service, outcome, ...names, traceId, spanId, ...((attributes[ATTR.ANOMALIES] ?? []) as string[])]
  const terms = (wanted.text ?? '').toLowerCase().split(/\s+/)
  const found = [service, outcome, ...names]
  const asked = [wanted.service, wanted.outcome, wanted.model, wanted.host, wanted.fault, wanted.cause]
  const startedMs = Number(stream.startNanos / 1_000_000n)
  return (
    asked.every((value, i) => value === undefined || value === found[i]) &&
    terms.every((term) => fields.some((field) => field?.toLowerCase().includes(term))) &&
    (wanted.sinceMs === undefined || startedMs >= wanted.sinceMs) &&
    (wanted.untilMs === undefined || startedMs < wanted.untilMs)
  )
}

function countBy(values: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) if (value !== null) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/** The sums of an overview that can be told without its own words. */
function sums(overview: Overview) {
  const byName = (groups: Overview['models']) => Object.fromEntries(groups.map((one) => [one.name, one.streams]))
  return {
    streams: overview.streams,
    outcomes: overview.outcomes,
    faults: Object.fromEntries(overview.faults.map((one) => [`${one.errorType} ${one.cause ?? ''}`, one.streams])),
    models: byName(overview.models),
    hosts: byName(overview.hosts),
    services: byName(overview.services),
    durations: [overview.timeToFirstChunk, overview.longestGap].map(({ count, p50, p99, buckets }) => {
      return { count, p50, p99, inBuckets: buckets.reduce((sum, bucket) => sum + bucket.count, 0) }
    }),
    times: Object.fromEntries(
      overview.time.buckets.flatMap(({ startMs: start, outcomes }) =>
        Object.entries(outcomes).map(([outcome, streams]) => [`${start} ${outcome}`, streams]),
      ),
    ),
  }
}

/** The same, straight from the streams. */
function expectedSums(streams: readonly Stream[], bucketMs: number): ReturnType<typeof sums> {
  const of = (key: string) => countBy(streams.map((stream) => text(stream, key) ?? ''))
  const durations = [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK, ATTR.MAX_GAP].map((key) => {
    const known = streams.map((stream) => stream.attributes[key]).filter((value) => typeof value === 'number')
    const sorted = known.toSorted((a, b) => a - b).map((value) => 2 ** ((stepOf(value * 1000) + 1) / 8))
    const at = (share: number) => sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? null
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), inBuckets: sorted.length }
  })
  return {
    streams: streams.length,
    outcomes: countBy(streams.map(({ outcome }) => outcome)),
    faults: countBy(
      streams.map((stream) => {
        const fault = text(stream, GEN_AI.ERROR_TYPE)
        return fault === null ? null : `${fault} ${text(stream, ATTR.CAUSE) ?? ''}`
      }),
    ),
    models: of(GEN_AI.REQUEST_MODEL),
    hosts: of(GEN_AI.SERVER_ADDRESS),
    services: countBy(streams.map(({ service }) => service)),
    durations,
    times: countBy(
      streams.map(({ startNanos, outcome }) => {
        const bucket = Number(startNanos / 1_000_000n / BigInt(bucketMs))
        return `${bucket * bucketMs} ${outcome}`
      }),
    ),
  }
}

function expectSame(store: Store, wanted: StreamConditions, limit: number): void {
  const streams = storedStreams(store)
  const matching = streams.filter((stream) => meets(stream, wanted))
  const overview = readOverview(store, wanted)
  expect(sums(overview)).toEqual(expectedSums(matching, overview.time.bucketMs))

  const found: string[] = []
  let after: StreamCursor | null = null
  do {
    const page = findStreams(store, wanted, { limit, after })
    expect(page.matching).toBe(matching.length)
    found.push(...page.streams.map(({ traceId }) => traceId))
    after = page.next
  } while (after !== null)
  // Of those that began at once, the last to come is the first.
  const newestFirst = matching.toReversed().toSorted((a, b) => Number(b.startNanos - a.startNanos))
  expect(found).toEqual(newestFirst.map(({ traceId }) => traceId))
}

const batches = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 8 })
const pageSize = fc.integer({ min: 1, max: 5 })

it('the list and the overview say what a computation over all kept streams says, whatever came, came again or went', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 15 }), conditions, pageSize, (all, maxStreams, wanted, limit) => {
      using store = openStore({ maxStreams })
      for (const [i, records] of all.entries()) {
        store.ingest({ signal: 'traces', records })
        expect(storedStreams(store).map(({ traceId }) => traceId)).toEqual(keptIds(all.slice(0, i + 1), maxStreams))
        expectSame(store, wanted, limit)
      }
    }),
    { numRuns: 200 },
  )
}, 60_000)

it('they say so too where two stores write to one file, and where retention leaves nothing, so that ids come again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'viewer-index-'))
  // Some streams are larger than the whole limit: they take all others along.
  const maxBytesPerKind = fc.integer({ min: 100, max: 3000 })
  const step = fc.record({ byFirst: fc.boolean(), records: fc.array(record, { maxLength: 6 }), asks: fc.boolean() })
  let file = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), maxBytesPerKind, conditions, (steps, bytes, wanted) => {
      const path = join(folder, `${(file += 1)}.db`)
      using first = openStore({ path, maxBytesPerKind: bytes })
      using second = openStore({ path, maxStreams: 4 })
      for (const { byFirst, records, asks } of steps) {
        ;(byFirst ? first : second).ingest({ signal: 'traces', records })
        if (asks) for (const store of [first, second]) expectSame(store, wanted, 3)
      }
      expectSame(first, wanted, 3)
      expectSame(second, wanted, 3)
    }),
    { numRuns: 60 },
  )
  rmSync(folder, { recursive: true })
}, 60_000)

it('an id that SQLite gives to a second stream, since the first was the last to go, is that of the second', () => {
  const folder = mkdtempSync(join(tmpdir(), 'viewer-index-'))
  const path = join(folder, 'emptied.db')
  const store = openStore({ path, maxBytesPerKind: 1000 })
  const other = openStore({ path })
  store.ingest({ signal: 'traces', records: [streamSpan(1), streamSpan(2)] })
  expectSame(other, {}, 5)
  store.ingest({ signal: 'traces', records: [streamSpan(3, { huge: 'x'.repeat(1000) })] })
  store.ingest({ signal: 'traces', records: [4, 5].map((id) => streamSpan(id, {}, { service: 'new' })) })
  expect(store.select('SELECT id FROM streams')).toEqual([{ id: 1 }, { id: 2 }])
  expectSame(other, {}, 5)
  other.close()
  store.close()
  rmSync(folder, { recursive: true })
})

it('a number of a group is used again, so that names that come and go take no memory', () => {
  using store = openStore({ maxStreams: 10 })
  for (let id = 1; id <= 1000; id += 1) {
    store.ingest({ signal: 'traces', records: [streamSpan(id, {}, { service: `service ${id}` })] })
    expect(streamColumnsOf(store).groups.length).toBeLessThanOrEqual(11)
  }
  expect(readOverview(store, {}).services.map(({ name: service }) => service)).toContain('service 1000')
})
