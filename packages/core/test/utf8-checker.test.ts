import { isUtf8 } from 'node:buffer'
import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { createUtf8Checker } from '../src/utf8-checker.ts'

const nastyByte = fc.constantFrom(
  0x00,
  0x41,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc0,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xe1,
  0xed,
  0xef,
  0xf0,
  0xf1,
  0xf4,
  0xf5,
  0xff,
)
const bytes = fc.oneof(
  fc.uint8Array(),
  fc.array(nastyByte, { maxLength: 24 }).map((list) => Uint8Array.from(list)),
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), nastyByte).map(([text, at, byte]) => {
    const encoded = new TextEncoder().encode(text)
    encoded[at % encoded.length] = byte
    return encoded
  }),
)
const steps = fc.array(fc.nat(7))

function isValid(input: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(input)
    return true
  } catch {
    return false
  }
}

function check(input: Uint8Array, sizes: readonly number[], predicate?: (bytes: Uint8Array) => boolean): number {
  const checker = createUtf8Checker(predicate)
  let from = 0
  for (const size of [...sizes, input.length]) {
    checker.push(input.subarray(from, from + size))
    from = Math.min(input.length, from + size)
  }
  checker.end()
  return checker.invalidAt
}

describe.each([
  ['with isUtf8 of Node.js', isUtf8],
  ['without a predicate', undefined],
])('%s', (_name, predicate) => {
  it('the verdict is that of a fatal TextDecoder, in any fragmentation', () => {
    fc.assert(
      fc.property(bytes, steps, (input, sizes) => {
        expect(check(input, sizes, predicate) < 0).toBe(isValid(input))
      }),
      { numRuns: 2000 },
    )
  })

  it('everything before the invalid sequence is valid, and no whole character begins at it', () => {
    fc.assert(
      fc.property(bytes, steps, (input, sizes) => {
        const at = check(input, sizes, predicate)
        if (at < 0) return
        expect(isValid(input.subarray(0, at))).toBe(true)
        for (let size = 1; size <= 4 && at + size <= input.length; size++) {
          expect(isValid(input.subarray(at, at + size))).toBe(false)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('a character split between reads is valid, one byte at a time', () => {
    const input = new TextEncoder().encode('a\u00e9\u20ac\u{1f600}b')
    expect(
      check(
        input,
        Array.from(input, () => 1),
        predicate,
      ),
    ).toBe(-1)
  })

  it('a character that never ends is invalid only once the end is known', () => {
    const checker = createUtf8Checker(predicate)
    checker.push(Uint8Array.of(0x61, 0xf0, 0x9f))
    expect(checker.invalidAt).toBe(-1)
    checker.end()
    expect(checker.invalidAt).toBe(1)
  })

  const cases: [name: string, input: number[], invalidAt: number][] = [
    ['an overlong slash', [0x61, 0xc0, 0xaf], 1],
    ['a surrogate', [0xed, 0xa0, 0x80], 0],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a lone continuation byte', [0x61, 0x62, 0x80], 2],
    ['a lead byte before ASCII', [0x61, 0xe4, 0xbd, 0x41], 1],
  ]
  it.each(cases)('%s is invalid where it begins, also after earlier reads', (_case, input, invalidAt) => {
    const checker = createUtf8Checker(predicate)
    checker.push(new TextEncoder().encode('caf\u00e9'))
    checker.push(Uint8Array.from(input))
    checker.push(new TextEncoder().encode('more'))
    expect(checker.invalidAt).toBe(5 + invalidAt)
  })
})

it('a read of ASCII is passed to the predicate as it is, without a new view', () => {
  const seen: Uint8Array[] = []
  const checker = createUtf8Checker((input) => {
    seen.push(input)
    return true
  })
  const read = new TextEncoder().encode('data: {}\n\n')
  checker.push(read)
  checker.push(read)
  expect(seen[0]).toBe(read)
  expect(seen[1]).toBe(read)
})
