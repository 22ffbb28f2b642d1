import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Stretch, StreamTime } from '../page/text/timeline.ts'

import { axisMarks, length, longestWait, sumOf, toStretches } from '../page/text/timeline.ts'

const read = (index: number | null, askedMs: number, cameMs: number) => ({ index, offset: 0, size: 1, askedMs, cameMs })

const READS = [read(0, 10, 20), read(1, 25, 65)]

/** A stream with these two reads; a test names only what it is about. */
const stretchesOf = (stream: Partial<StreamTime>): readonly Stretch[] =>
  toStretches({ reads: READS, durationMs: 65, end: 'terminator', maxGapMs: 40, consumerIdleMs: 5, ...stream })

const drawn = (stretches: readonly Stretch[]) =>
  stretches.map(({ kind, fromMs, toMs, isInferred }) => [kind, fromMs, toMs, ...(isInferred ? ['inferred'] : [])])

describe('the time of a stream', () => {
  it('is told apart: request, network, application, and what comes after', () => {
    // 0   request   10 wait 20 idle 25      wait      65 end 70
    const stretches = stretchesOf({ durationMs: 70 })
    expect(drawn(stretches)).toEqual([
      ['request', 0, 10],
      ['wait', 10, 20],
      ['idle', 20, 25],
      ['wait', 25, 65],
      ['end', 65, 70],
    ])
    expect(longestWait(stretches)).toMatchObject({ fromMs: 25, toMs: 65 })
    expect(sumOf(stretches, 'wait', 'idle')).toBe(55)
  })

  it('before the first read that was kept is not the request, where others came before it', () => {
    expect(drawn(stretchesOf({ reads: [read(7, 10, 20)] })).at(0)).toEqual(['unrecorded', 0, 10])
    expect(drawn(stretchesOf({ reads: [read(0, 10, 20)] })).at(0)).toEqual(['request', 0, 10])
  })

  it('is all request where nothing was read', () => {
    expect(drawn(stretchesOf({ reads: [] }))).toEqual([['request', 0, 65]])
    expect(stretchesOf({ reads: [], durationMs: 0 })).toEqual([])
  })

  it.each(['terminator', 'consumer_break', 'consumer_abort', 'parse_error', null])(
    'after the last read is nobody’s where the stream ended by %s: nothing was asked for',
    (end) => {
      expect(drawn(stretchesOf({ durationMs: 5065, end, maxGapMs: 5000 })).at(-1)).toEqual(['end', 65, 5065])
    },
  )

  describe.each(['eof', 'transport_error', 'consumer_timeout'])('after the last read, ended by %s,', (end) => {
    it('is a wait whose length the stream recorded, where it is the longest', () => {
      const stretches = stretchesOf({ durationMs: 5065, end, maxGapMs: 4990 })
      expect(drawn(stretches).at(-1)).toEqual(['silence', 65, 5065])
      expect(longestWait(stretches)).toMatchObject({ fromMs: 65, toMs: 5065 })
    })

    it('is a wait that is worked out, where another was longer', () => {
      expect(drawn(stretchesOf({ durationMs: 85, end, maxGapMs: 40 })).at(-1)).toEqual(['silence', 65, 85, 'inferred'])
    })

    it('is no longer a wait than the longest one was', () => {
      expect(drawn(stretchesOf({ durationMs: 165, end, maxGapMs: 40 })).slice(-2)).toEqual([
        ['silence', 65, 105, 'inferred'],
        ['end', 105, 165],
      ])
    })

    it('is the application’s as far as its sum says so, and a wait from then on', () => {
      // The reads tell of 5 ms of the application; the stream counted 105.
      expect(drawn(stretchesOf({ durationMs: 265, end, maxGapMs: 100, consumerIdleMs: 105 })).slice(4)).toEqual([
        ['idle', 65, 165, 'inferred'],
        ['silence', 165, 265],
      ])
    })

    it('is never more than there was of it, whatever the sum says', () => {
      expect(drawn(stretchesOf({ durationMs: 75, end, consumerIdleMs: 1e9 })).slice(4)).toEqual([
        ['idle', 65, 75, 'inferred'],
      ])
    })

    it('is a wait or nobody’s by the longest wait alone, where reads or the sum are missing', () => {
      const late = { reads: [read(7, 10, 65)], durationMs: 5065, end }
      for (const known of [{ ...late }, { ...late, reads: READS, consumerIdleMs: null }]) {
        expect(drawn(stretchesOf({ ...known, maxGapMs: 5000 })).at(-1)).toEqual(['silence', 65, 5065, 'inferred'])
        expect(drawn(stretchesOf({ ...known, maxGapMs: 40 })).at(-1)).toEqual(['end', 65, 5065])
      }
    })
  })

  it('never runs backwards, leaves nothing out and counts nothing twice, whatever clocks said', () => {
    const time = fc.integer({ min: -50, max: 50 })
    const reads = fc.array(fc.tuple(time, time).map(([askedMs, cameMs]) => read(0, askedMs, cameMs)))
    const end = fc.constantFrom('eof', 'terminator', null)
    const sums = fc.option(fc.double({ min: 0, noNaN: true }))
    fc.assert(
      fc.property(reads, end, sums, sums, (odd, how, maxGapMs, consumerIdleMs) => {
        const stretches = toStretches({ reads: odd, durationMs: 20, end: how, maxGapMs, consumerIdleMs })
        expect(stretches.every((one) => length(one) >= 0)).toBe(true)
        expect(stretches.slice(1).map(({ fromMs }) => fromMs)).toEqual(stretches.slice(0, -1).map(({ toMs }) => toMs))
        expect(stretches.at(0)?.fromMs).toBe(0)
        expect(stretches.at(-1)?.toMs).toBeGreaterThanOrEqual(20)
      }),
    )
  })

  it.each([
    [0, [0]],
    [Number.NaN, [0]],
    [60, [0, 10, 20, 30, 40, 50, 60]],
    [4.6, [0, 1, 2, 3, 4]],
  ])('of %d ms has the marks %j', (durationMs, marks) => {
    expect(axisMarks(durationMs)).toEqual(marks)
  })
})
