import type { MetricPointRecord, Store } from '../src/index.ts'

import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import * as fc from 'fast-check'

import { openStore, parseErrorRate } from '../src/index.ts'
import { sumPoint } from './records.ts'

let store: Store
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.close())

function ingest(...records: MetricPointRecord[]): void {
  store.ingest({ signal: 'metrics', records })
}

const reset = { attributes: { [GEN_AI.ERROR_TYPE]: 'connection_reset' } }
const malformed = { attributes: { [GEN_AI.ERROR_TYPE]: 'malformed_event' } }
const completed = { attributes: { [ATTR.OUTCOME]: 'completed' } }
const broken = { attributes: { [ATTR.OUTCOME]: 'broken' } }
const output = { attributes: { [ATTR.CHUNK_KIND]: 'output' } }

it('before anything came, counts are 0 and rates are null', () => {
  expect(parseErrorRate(store)).toEqual({
    parseErrors: 0,
    parseErrorsByType: {},
    ended: 0,
    endedByOutcome: {},
    chunks: 0,
    perStream: null,
    perChunk: null,
  })
})

it('of cumulative points the newest of each series counts, in whatever order they arrive', () => {
  ingest(sumPoint(METRIC.PARSE_ERRORS, 1, { ...reset, timeNanos: 10n }))
  ingest(sumPoint(METRIC.PARSE_ERRORS, 3, { ...reset, timeNanos: 20n }))
  ingest(sumPoint(METRIC.PARSE_ERRORS, 2, { ...reset, timeNanos: 15n }))
  ingest(sumPoint(METRIC.PARSE_ERRORS, 0, malformed))
  ingest(sumPoint(METRIC.ENDED, 9, completed), sumPoint(METRIC.ENDED, 3, broken))
  ingest(sumPoint(METRIC.CHUNKS, 300, output))
  expect(parseErrorRate(store)).toEqual({
    parseErrors: 3,
    parseErrorsByType: { connection_reset: 3, malformed_event: 0 },
    ended: 12,
    endedByOutcome: { completed: 9, broken: 3 },
    chunks: 300,
    perStream: 0.25,
    perChunk: 0.01,
  })
})

it('of delta points all count, and one that is sent twice counts once', () => {
  const delta = (value: number, start: bigint) =>
    sumPoint(METRIC.PARSE_ERRORS, value, { ...reset, temporality: 'delta', startNanos: start, timeNanos: start + 10n })
  ingest(delta(1, 0n), delta(2, 10n))
  ingest(delta(2, 10n))
  ingest(delta(4, 20n))
  expect(parseErrorRate(store).parseErrors).toBe(7)
})

it('a process that starts over adds to what it had counted before', () => {
  ingest(sumPoint(METRIC.ENDED, 5, { ...completed, startNanos: 1n, timeNanos: 100n }))
  ingest(sumPoint(METRIC.ENDED, 2, { ...completed, startNanos: 200n, timeNanos: 300n }))
  expect(parseErrorRate(store).ended).toBe(7)
})

it('two processes of one service add up', () => {
  const from = (instance: string) => ({ ...completed, resource: { 'service.instance.id': instance } })
  ingest(sumPoint(METRIC.ENDED, 5, from('a')), sumPoint(METRIC.ENDED, 2, from('b')))
  expect(parseErrorRate(store).ended).toBe(7)
})

it('the order of attributes makes no other series', () => {
  ingest(sumPoint(METRIC.ENDED, 1, { attributes: { a: 1, b: 2 }, timeNanos: 1n }))
  ingest(sumPoint(METRIC.ENDED, 2, { attributes: { b: 2, a: 1 }, timeNanos: 2n }))
  expect(parseErrorRate(store).ended).toBe(2)
})

it('a filter counts one service alone', () => {
  const from = (service: string) => ({ service, resource: { 'service.name': service } })
  ingest(sumPoint(METRIC.ENDED, 1, from('a')), sumPoint(METRIC.ENDED, 2, from('b')))
  expect(parseErrorRate(store, { service: 'b' }).ended).toBe(2)
})

it('a value that is not a number changes no total', () => {
  const delta = { temporality: 'delta', startNanos: 2n, timeNanos: 3n } as const
  ingest(sumPoint(METRIC.ENDED, 1, { ...delta, startNanos: 1n, timeNanos: 2n }), sumPoint(METRIC.ENDED, NaN, delta))
  ingest(sumPoint(METRIC.ENDED, NaN, { attributes: { other: true } }))
  expect(parseErrorRate(store).ended).toBe(1)
})

it('cumulative and delta points of the same counts give the same rate', () => {
  const steps = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(steps, (values) => {
      const cumulative = openStore()
      const delta = openStore()
      let total = 0
      for (const [index, value] of values.entries()) {
        total += value
        const timeNanos = BigInt(index + 1)
        cumulative.ingest({
          signal: 'metrics',
          records: [sumPoint(METRIC.CHUNKS, total, { startNanos: 0n, timeNanos })],
        })
        const part = { temporality: 'delta', startNanos: timeNanos - 1n, timeNanos } as const
        delta.ingest({ signal: 'metrics', records: [sumPoint(METRIC.CHUNKS, value, part)] })
      }
      expect(parseErrorRate(cumulative)).toEqual(parseErrorRate(delta))
      expect(parseErrorRate(delta).chunks).toBe(total)
      cumulative.close()
      delta.close()
    }),
  )
})
