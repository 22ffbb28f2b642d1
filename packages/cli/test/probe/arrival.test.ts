import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawSparkline } from '../../src/print/sparkline.ts'
import { Arrival } from '../../src/probe/arrival.ts'

describe('Arrival', () => {
  it('counts every event once, however many there are and whenever they come', () => {
    const reads = fc.array(fc.tuple(fc.integer({ min: -10, max: 5000 }), fc.nat(50)), { maxLength: 6000, size: 'max' })
    fc.assert(
      fc.property(reads, fc.integer({ min: 1, max: 40 }), (list, parts) => {
        const arrival = new Arrival()
        for (const [atMs, events] of list) arrival.add(atMs, events)
        const histogram = arrival.histogram(parts, 0, 1000)
        expect(histogram).toHaveLength(parts)
        expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(list.reduce((sum, [, events]) => sum + events, 0))
      }),
      { numRuns: 50 },
    )
  })
})

describe('drawSparkline', () => {
  it.each<readonly [readonly number[], string]>([
    [[], ''],
    [[0, 0], ''],
    [[0, 1, 4, 8], '·▁▄█'],
    [[3, 3, 3], '███'],
  ])('%j is %s', (counts, line) => {
    expect(drawSparkline(counts)).toBe(line)
  })
})
