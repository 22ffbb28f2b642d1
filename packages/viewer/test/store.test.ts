import type { Store, StoreOptions } from '../src/index.ts'

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { METRIC } from '@streamgauge/core/semconv'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { listStreams, openStore, parseErrorRate } from '../src/index.ts'
import { countRows, hexId, log, span, streamSpan, sumPoint } from './records.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-store-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function withStore(use: (store: Store) => void, options: StoreOptions = {}): void {
  const store = openStore(options)
  try {
    use(store)
  } finally {
    store.close()
  }
}

it('a file keeps the telemetry for the next store', () => {
  const path = join(folder, 'kept.db')
  withStore((store) => store.ingest({ signal: 'traces', records: [streamSpan(1)] }), { path })
  withStore(
    (store) => {
      expect(listStreams(store)).toMatchObject([{ traceId: hexId(1, 32), outcome: 'completed' }])
      expect(store.select('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    },
    { path },
  )
})

it('two stores on one file see the same telemetry', () => {
  const path = join(folder, 'shared.db')
  withStore(
    (first) =>
      withStore(
        (second) => {
          first.ingest({ signal: 'traces', records: [streamSpan(1)] })
          second.ingest({ signal: 'traces', records: [streamSpan(2)] })
          expect(listStreams(first)).toEqual(listStreams(second))
          expect(listStreams(first)).toHaveLength(2)
        },
        { path },
      ),
    { path },
  )
})

it('the file of another program is refused and left as it was', () => {
  const path = join(folder, 'foreign.db')
  const other = new DatabaseSync(path)
  other.exec('CREATE TABLE recipes (name TEXT)')
  other.close()
  const before = readFileSync(path)
  expect(() => openStore({ path })).toThrow(
    expect.objectContaining({ name: 'ViewerError', code: 'foreign_file', message: expect.stringContaining(path) }),
  )
  expect(readFileSync(path)).toEqual(before)
})

it('a file that is no database is refused and left as it was', () => {
  const path = join(folder, 'notes.txt')
  const notes = 'not a database\n'.repeat(100)
  writeFileSync(path, notes)
  expect(() => openStore({ path })).toThrow(expect.objectContaining({ code: 'foreign_file' }))
  expect(readFileSync(path, 'utf8')).toBe(notes)
})

it('an empty file becomes a store', () => {
  const path = join(folder, 'empty.db')
  writeFileSync(path, '')
  withStore((store) => expect(listStreams(store)).toEqual([]), { path })
})

it('a file of a newer schema is refused with both versions', () => {
  const path = join(folder, 'newer.db')
  openStore({ path }).close()
  const newer = new DatabaseSync(path)
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  expect(() => openStore({ path })).toThrow(
    expect.objectContaining({ code: 'newer_schema', message: expect.stringMatching(/version 99.*knows \d at most/) }),
  )
})

it('a path that cannot be opened is refused with the reason', () => {
  const path = join(folder, 'missing', 'store.db')
  expect(() => openStore({ path })).toThrow(
    expect.objectContaining({ code: 'cannot_open', message: expect.stringContaining('unable to open') }),
  )
})

it.each([
  ['maxStreams', { maxStreams: 0 }],
  ['maxSpans', { maxSpans: 1.5 }],
  ['maxBytesPerKind', { maxBytesPerKind: -1 }],
])('a bad %s is a RangeError that names it', (name, options) => {
  expect(() => openStore(options)).toThrow(RangeError)
  expect(() => openStore(options)).toThrow(name)
})

it('a span that is sent twice is there once', () => {
  withStore((store) => {
    store.ingest({ signal: 'traces', records: [streamSpan(1), streamSpan(1)] })
    store.ingest({ signal: 'traces', records: [streamSpan(1)] })
    expect(countRows(store, 'spans')).toBe(1)
  })
})

it('of a request that fails in the middle nothing is stored, nor counted against a limit', () => {
  withStore(
    (store) => {
      const bad = { ...streamSpan(2), startNanos: 2n ** 64n }
      expect(() => store.ingest({ signal: 'traces', records: [streamSpan(1), bad] })).toThrow('BigInt')
      expect(countRows(store, 'spans')).toBe(0)
      store.ingest({ signal: 'traces', records: [streamSpan(1), streamSpan(2)] })
      expect(countRows(store, 'spans')).toBe(2)
    },
    { maxStreams: 2 },
  )
})

it('the newest rows stay within every limit, also after the file was opened again', () => {
  const path = join(folder, 'bounded.db')
  const limits = { path, maxStreams: 3, maxSpans: 5, maxLogs: 4, maxMetricSeries: 6, maxMetricPoints: 2 }
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1)
  for (const half of [numbers.slice(0, 12), numbers.slice(12)]) {
    withStore((store) => {
      for (const id of half) {
        store.ingest({ signal: 'traces', records: [streamSpan(id), span(100 + id), span(200 + id)] })
        store.ingest({ signal: 'logs', records: [log(id), log(id)] })
        const attributes = { series: id }
        store.ingest({ signal: 'metrics', records: [sumPoint('m', id, { attributes, timeNanos: BigInt(id) })] })
      }
      expect(listStreams(store).map((stream) => stream.spanId)).toEqual(half.slice(-3).map((id) => hexId(id, 16)))
      expect(countRows(store, 'spans')).toBe(3 + 5)
      expect(countRows(store, 'logs')).toBe(4)
      expect(countRows(store, 'metric_series')).toBe(6)
      expect(countRows(store, 'metric_points')).toBe(2)
    }, limits)
  }
})

it('one request with more rows than are kept leaves the newest', () => {
  withStore(
    (store) => {
      store.ingest({ signal: 'traces', records: Array.from({ length: 50 }, (_, index) => streamSpan(index + 1)) })
      expect(listStreams(store).map((stream) => stream.spanId)).toEqual([hexId(49, 16), hexId(50, 16)])
    },
    { maxStreams: 2 },
  )
})

it('chunk spans of one stream do not push out the spans of others', () => {
  withStore(
    (store) => {
      store.ingest({ signal: 'traces', records: [streamSpan(1)] })
      store.ingest({ signal: 'traces', records: Array.from({ length: 50 }, (_, index) => span(100 + index)) })
      expect(listStreams(store)).toHaveLength(1)
      expect(countRows(store, 'spans')).toBe(1 + 10)
    },
    { maxSpans: 10 },
  )
})

it('large records are kept within the bytes of their kind', () => {
  withStore(
    (store) => {
      const attributes = { text: 'ä'.repeat(2000) }
      for (let id = 1; id <= 10; id += 1) {
        store.ingest({ signal: 'traces', records: [streamSpan(id, attributes)] })
        store.ingest({ signal: 'logs', records: [log(id, { body: 'ä'.repeat(2000) })] })
      }
      expect(listStreams(store).map((stream) => stream.spanId)).toEqual([9, 10].map((id) => hexId(id, 16)))
      expect(countRows(store, 'logs')).toBe(2)
    },
    { maxBytesPerKind: 10_000 },
  )
})

it('a series keeps its total when its points are dropped', () => {
  withStore(
    (store) => {
      for (let time = 1n; time <= 10n; time += 1n) {
        const delta = sumPoint(METRIC.ENDED, 1, { temporality: 'delta', startNanos: time - 1n, timeNanos: time })
        store.ingest({ signal: 'metrics', records: [delta] })
      }
      expect(countRows(store, 'metric_points')).toBe(3)
      expect(parseErrorRate(store).ended).toBe(10)
    },
    { maxMetricPoints: 3 },
  )
})

it('subscribers hear of each request and of the end, until they unsubscribe', () => {
  const store = openStore()
  const events: unknown[] = []
  const early: unknown[] = []
  store.subscribe((event) => events.push(event))
  const unsubscribe = store.subscribe((event) => early.push(event))
  store.ingest({ signal: 'traces', records: [streamSpan(1), span(2)] })
  unsubscribe()
  store.ingest({ signal: 'logs', records: [log(1)] })
  store.close()
  store[Symbol.dispose]()
  expect(events).toEqual([
    { type: 'ingest', signal: 'traces', records: 2, streams: 1 },
    { type: 'ingest', signal: 'logs', records: 1, streams: 0 },
    { type: 'closed' },
  ])
  expect(early).toHaveLength(1)
})
