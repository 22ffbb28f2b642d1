import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { toChunkBytes, toHexLines } from '../page/text/chunk-bytes.ts'
import { capText, escapePieces, escapeText } from '../page/text/escape.ts'
import { maskedPieces } from '../page/text/masked.ts'
import { toSpanTree } from '../page/text/span-tree.ts'
import { formatBytes, formatMs, formatShare, formatTime } from '../page/text/units.ts'

describe('a hostile text', () => {
  it.each([
    ['an escape sequence', '\u001B[31mred', String.raw`\u{1b}[31mred`],
    ['a change of direction', 'a\u202Eb', String.raw`a\u{202e}b`],
    ['a sign of no width', 'a\u200Bb', String.raw`a\u{200b}b`],
    ['half a character', 'a\uD800b', String.raw`a\u{d800}b`],
    ['line ends', 'a\r\nb\tc', String.raw`a\r⏎b\tc`],
    ['a separator of lines', 'a\u2028b', String.raw`a\u{2028}b`],
    ['an ordinary text', 'Größe 👍 1 <b>', 'Größe 👍 1 <b>'],
  ])('with %s is shown as what it is', (_, text, shown) => {
    expect(escapeText(text)).toBe(shown)
  })

  it('in pieces says the same as in one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          escapePieces(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(escapeText(text))
      }),
    )
  })

  it('too long is cut, and says by how much', () => {
    expect(capText('abcdef', 4)).toBe('abcd… (2 more)')
    expect(capText('abcd', 4)).toBe('abcd')
  })
})

describe('masked parts', () => {
  it.each([
    ['{"content":" xxxx"}', ['xxxx']],
    ['{"content":"Xx"}', []],
    ['{"content":"xxx, xx xxx."}', ['xxx, xx xxx']],
    ['{"created":1000}', []],
    ['"id":"chatcmpl-x000"', ['x000']],
    ['0xxx', ['0xxx']],
    ['axxx', []],
  ])('of %s are %j', (text, masked) => {
    const pieces = maskedPieces(text)
    expect(pieces.filter(({ isMasked }) => isMasked).map((piece) => piece.text)).toEqual(masked)
  })

  it('and the rest are the whole text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', '0', 'a', ' ', '"', ',', '👍') }), (text) => {
        expect(
          maskedPieces(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('the bytes of a chunk', () => {
  const chunk = { index: 0, offset: 0, size: 4, truncated: false, encoding: 'utf-8', break: null, raw: null }

  it('are counted as bytes, where the break is counted in characters', () => {
    expect(toChunkBytes({ ...chunk, raw: 'a👍b', break: 3 })).toEqual({
      bytes: new Uint8Array([0x61, 0xf0, 0x9f, 0x91, 0x8d, 0x62]),
      breakAt: 5,
    })
  })

  it('come from base64 where they are no text', () => {
    const base64 = { ...chunk, encoding: 'base64', raw: '/gBh', break: 1 }
    expect(toChunkBytes(base64)).toEqual({ bytes: new Uint8Array([0xfe, 0, 0x61]), breakAt: 1 })
  })

  it('that any program made up do no harm', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (raw, at) => {
        const { bytes, breakAt } = toChunkBytes({ ...chunk, encoding: 'base64', raw, break: at })
        expect(breakAt ?? 0).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })

  it('stand sixteen in a line', () => {
    expect(toHexLines(new Uint8Array(17)).map(({ offset, bytes }) => [offset, bytes.length])).toEqual([
      [0, 16],
      [16, 1],
    ])
  })
})

describe('a trace', () => {
  const base = { name: '', service: '', statusCode: 'unset', startMs: 0, durationMs: 1, isStream: false }
  const of = (pairs: readonly (readonly [string, string | null])[]) =>
    toSpanTree(pairs.map(([spanId, parentSpanId]) => ({ ...base, spanId, parentSpanId }))).map((one) => [
      one.spanId,
      one.depth,
    ])

  it.each([
    [
      'children stand below their parents',
      [
        ['b', 'a'],
        ['a', null],
        ['c', 'b'],
      ],
      [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ],
    ],
    ['whose parent is missing stands at the root', [['b', 'x']], [['b', 0]]],
    [
      'parents of each other are shown once',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      [
        ['a', 0],
        ['b', 0],
      ],
    ],
  ] as const)('%s', (_, spans, tree) => {
    expect(of(spans)).toEqual(tree)
  })
})

describe('units', () => {
  it.each([
    [formatMs(null), '–'],
    [formatMs(0.04), '0.0 ms'],
    [formatMs(999), '999 ms'],
    [formatMs(61_000), '1 min 1 s'],
    [formatMs(7_200_000), '2.0 h'],
    [formatBytes(999), '999 B'],
    [formatBytes(1234), '1.2 kB'],
    [formatShare(0.034), '3.4 %'],
    [formatShare(0), '0 %'],
    [formatShare(0.5), '50 %'],
    [formatTime(Number.NaN), '–'],
  ])('%s is %s', (shown, expected) => {
    expect(shown).toBe(expected)
  })
})
