import { describe, expect, it } from '@jest/globals'
import { ANOMALY_CATALOGUE, FAULTS } from '@streamgauge/core'
import fc from 'fast-check'

import { endsOf, moveRange } from '../page/data/use-range-selection.ts'
import { ratePlace } from '../page/text/rate-place.ts'
import { narrowingParameters, narrowingQuery, readNarrowing } from '../page/text/time-range.ts'
import { describePicture, placePieces, WIRE_PICTURES } from '../page/text/wire-pictures.ts'

describe('what an address narrows the overview to', () => {
  const NOTHING = { range: '', from: null, to: null, model: '', host: '', service: '' }

  it.each([
    ['', NOTHING],
    ['range=1h&model=gpt-x', { ...NOTHING, range: '1h', model: 'gpt-x' }],
    ['from=1000&to=2000&host=a', { ...NOTHING, from: 1000, to: 2000, host: 'a' }],
    ['from=1000', NOTHING],
    ['from=2000&to=1000', NOTHING],
    ['from=-1&to=x', NOTHING],
    ['range=constructor', NOTHING],
  ])('by %j is %j', (query, narrowing) => {
    expect(readNarrowing(new URLSearchParams(query))).toEqual(narrowing)
  })

  it('is the same once it has been written into an address', () => {
    const time = fc.integer({ min: 0, max: 9_999_999_999_999 })
    const names = fc.record({ model: fc.string(), host: fc.string(), service: fc.string() })
    fc.assert(
      fc.property(names, fc.option(fc.tuple(time, time)), fc.constantFrom('', '15m', '1h'), (some, times, range) => {
        const [from = null, to = null] = times?.toSorted((a, b) => a - b) ?? []
        fc.pre(from === null || from !== to)
        const narrowing = { ...some, from, to, range: from === null ? range : '' }
        const query = Object.entries(narrowingQuery(narrowing)).filter(([, value]) => value !== null && value !== '')
        const parameters = new URLSearchParams(query as [string, string][])
        expect(readNarrowing(new URLSearchParams(parameters.toString()))).toEqual(narrowing)
      }),
    )
  })

  it('is asked for in milliseconds since 1970; a range is counted from now', () => {
    const names = { model: '', host: '', service: '' }
    expect(narrowingParameters({ ...NOTHING, range: '15m' }, 1_000_000)).toEqual({
      since: '100000',
      until: null,
      ...names,
    })
    expect(narrowingParameters({ ...NOTHING, from: 5, to: 9 }, 1_000_000)).toEqual({ since: '5', until: '9', ...names })
    expect(narrowingParameters(NOTHING, 1_000_000)).toEqual({ since: null, until: null, ...names })
  })
})

describe('choosing bars with the keyboard', () => {
  const press = (key: string, shiftKey = false) => ({ key, shiftKey })

  it.each([
    ['the first one', null, press('ArrowRight'), [0, 0]],
    ['the last one', null, press('ArrowLeft'), [9, 9]],
    ['the next one', { anchor: 3, head: 3 }, press('ArrowRight'), [4, 4]],
    ['one more, with Shift', { anchor: 3, head: 3 }, press('ArrowRight', true), [3, 4]],
    ['one more before, with Shift', { anchor: 3, head: 3 }, press('ArrowLeft', true), [2, 3]],
    ['all up to the last, with Shift', { anchor: 3, head: 3 }, press('End', true), [3, 9]],
    ['no more than there are', { anchor: 9, head: 9 }, press('ArrowRight'), [9, 9]],
  ])('chooses %s', (_, range, key, ends) => {
    const moved = moveRange(range, key, 10)
    expect(moved === null ? null : endsOf(moved)).toEqual(ends)
  })

  it.each(['a', 'Tab', 'constructor'])('leaves the key %s to others', (key) => {
    expect(moveRange({ anchor: 1, head: 1 }, press(key), 10)).toBeNull()
  })

  it('chooses nothing where there is nothing', () => {
    expect(moveRange(null, press('Home'), 0)).toBeNull()
  })
})

describe('a rate on its logarithmic axis', () => {
  it.each([
    [0, 0],
    [0.0001, 0],
    [0.001, 0.25],
    [0.01, 0.5],
    [1, 1],
    [7, 1],
    [Number.NaN, 0],
  ])('of %d stands at %d', (rate, place) => {
    expect(ratePlace(rate)).toBeCloseTo(place)
  })
})

describe('the pictures of the wire', () => {
  const codes = [...FAULTS.map(({ code }) => code), ...ANOMALY_CATALOGUE.map(({ type }) => type)]

  it('are there for each code of the catalogue, and for nothing else', () => {
    expect(Object.keys(WIRE_PICTURES).toSorted()).toEqual(codes.toSorted())
  })

  it.each(codes)('of %s shows what was wrong, within its frame', (code) => {
    const picture = WIRE_PICTURES[code]
    const { placed, endX } = placePieces(picture.pieces)
    expect(picture.pieces.some(({ isOdd }) => isOdd === true) || picture.end.kind !== 'eof').toBe(true)
    expect(
      placed.every(
        ({ x, width }, i) => x >= (i === 0 ? 0 : (placed[i - 1]?.x ?? 0) + (placed[i - 1]?.width ?? 0)) && width > 0,
      ),
    ).toBe(true)
    // Room for the end's sign and text, whose letters are at most 7 wide.
    expect(endX + 18 + picture.end.text.length * 7).toBeLessThan(330)
  })

  it('are told apart by their words too', () => {
    const words = codes.map((code) => describePicture(WIRE_PICTURES[code]))
    expect(new Set(words).size).toBe(words.length)
    expect(words.every((text) => /^On the wire: [^;]+(; [^;]+)*; [^;]+ \([^)]+\)\.$/.test(text))).toBe(true)
  })
})
