import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { renderRawChunk } from '../src/raw-chunk/render-raw-chunk.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const sizeOf = (text: string): number => encode(text).length
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
const MARKER = /…\[(\d+) bytes left out\]…/g

describe('text', () => {
  it('a short chunk stays whole', () => {
    const text = 'data: {"id":"a","text":"Bob"}\n\n'
    expect(renderRawChunk(encode(text), { mode: 'full', maxBytes: 1024 })).toEqual({
      text,
      encoding: 'utf-8',
      size: 31,
      truncated: false,
    })
    expect(renderRawChunk(encode(text), { mode: 'masked', maxBytes: 1024 }).text).toBe(
      'data: {"id":"a","text":"xxx"}\n\n',
    )
  })

  it('secrets go in every mode', () => {
    const bytes = encode('data: {"error":{"message":"bad key sk-Ab3dEf6hIj9kLm2n"}}')
    for (const mode of ['full', 'masked'] as const) {
      expect(renderRawChunk(bytes, { mode, maxBytes: 1024 }).text).toBe(
        'data: {"error":{"message":"bad key sk-****************"}}',
      )
    }
  })

  it('a long chunk keeps 256 bytes of its head and as much of its tail as fits', () => {
    const { text, size, truncated } = renderRawChunk(encode(`${'a'.repeat(5000)}${'b'.repeat(5000)}`), {
      mode: 'full',
      maxBytes: 1024,
    })
    expect(text).toBe(`${'a'.repeat(256)}…[9004 bytes left out]…${'b'.repeat(740)}`)
    expect({ size, truncated, bytes: sizeOf(text) }).toEqual({ size: 10_000, truncated: true, bytes: 1023 })
  })

  it('where it broke in the middle, its surroundings are kept', () => {
    const bytes = encode(`${'a'.repeat(5000)}!${'b'.repeat(5000)}`)
    const { text, breakAt } = renderRawChunk(bytes, { mode: 'full', maxBytes: 1024, breakAt: 5000 })
    expect(text).toMatch(/^a{256}…\[\d+ bytes left out\]…a+!b+…\[\d+ bytes left out\]…$/)
    expect(text[breakAt ?? -1]).toBe('!')
  })

  it('where it broke near the head, the head is longer', () => {
    const bytes = encode(`${'a'.repeat(300)}!${'b'.repeat(5000)}`)
    const { text, breakAt } = renderRawChunk(bytes, { mode: 'full', maxBytes: 1024, breakAt: 300 })
    expect(text).toMatch(/^a{300}!b+…\[\d+ bytes left out\]…$/)
    expect(breakAt).toBe(300)
  })

  it('a character cut by the end or by an unknown beginning shows as U+FFFD, and the chunk is text', () => {
    const whole = encode('你a好')
    const { text, encoding, breakAt } = renderRawChunk(whole.subarray(1, 6), { mode: 'full', maxBytes: 64, breakAt: 3 })
    expect({ text, encoding, breakAt }).toEqual({ text: '\ufffd\ufffda\ufffd', encoding: 'utf-8', breakAt: 3 })
  })

  it('a byte order mark stays', () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, ...encode('data: [DONE]'))
    expect(renderRawChunk(bytes, { mode: 'masked', maxBytes: 64, start: 'body' }).text).toBe('\ufeffdata: [DONE]')
  })
})

describe('base64', () => {
  const latin1 = Uint8Array.of(...encode('data: {"text":"caf'), 0xe9, ...encode(' Bob '), 0xe8, ...encode('"}\n\n'))

  it('bytes that are not UTF-8 come back as they were in full mode', () => {
    const { text, encoding, size } = renderRawChunk(latin1, { mode: 'full', maxBytes: 1024 })
    expect({ encoding, size }).toEqual({ encoding: 'base64', size: latin1.length })
    expect(fromBase64(text)).toEqual(latin1)
  })

  it('masked, the first invalid byte stays as evidence, and the other bytes of content go', () => {
    const { text } = renderRawChunk(latin1, { mode: 'masked', maxBytes: 1024 })
    const expected = [...encode('data: {"text":"xxx'), 0xe9, ...encode(' xxx '), 0xff, ...encode('"}\n\n')]
    expect([...fromBase64(text)]).toEqual(expected)
  })

  it('masked, whole characters beside the invalid byte go', () => {
    const bytes = Uint8Array.of(...encode('data: {"text":"你'), 0xff, ...encode('好"}'))
    const { text, breakAt } = renderRawChunk(bytes, { mode: 'masked', maxBytes: 1024, breakAt: 18 })
    expect([...fromBase64(text)]).toEqual([...encode('data: {"text":"xxx'), 0xff, ...encode('xxx"}')])
    expect(breakAt).toBe(18)
  })

  it('an HTML page in Latin-1 stays readable', () => {
    const bytes = Uint8Array.of(...encode('<html>caf'), 0xe9, ...encode('</html>'))
    expect(fromBase64(renderRawChunk(bytes, { mode: 'masked', maxBytes: 1024, start: 'body' }).text)).toEqual(bytes)
  })

  it('secrets go in it too', () => {
    const bytes = Uint8Array.of(0xff, ...encode(' sk-Ab3dEf6hIj9kLm2n'))
    const decoded = fromBase64(renderRawChunk(bytes, { mode: 'full', maxBytes: 1024 }).text)
    expect(new TextDecoder().decode(decoded.subarray(1))).toBe(' sk-****************')
  })
})

const content = fc.string({ unit: fc.constantFrom(...Array.from('aé你\u{1f600}"\\{}\n:, 7')), maxLength: 600 })
const anyBytes = fc.oneof(
  { weight: 3, arbitrary: content.map(encode) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2000 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(content, fc.nat(), fc.nat())
      .map(([text, from, to]) => encode(text).subarray(from % 5, 5 + (to % 2000))),
  },
)
const options = fc.record({
  mode: fc.constantFrom('masked' as const, 'full' as const),
  maxBytes: fc.integer({ min: 64, max: 1500 }),
  start: fc.constantFrom('body' as const, 'line' as const, 'unknown' as const),
})

it('the record never exceeds its maximum, nor splits a character', () => {
  fc.assert(
    fc.property(anyBytes, options, fc.option(fc.nat(2500), { nil: undefined }), (bytes, settings, breakAt) => {
      const { text, size, truncated, encoding, breakAt: at } = renderRawChunk(bytes, { ...settings, breakAt })
      expect(sizeOf(text)).toBeLessThanOrEqual(settings.maxBytes)
      expect(text).not.toMatch(/\p{Cs}/u)
      expect(size).toBe(bytes.length)
      expect(at === undefined).toBe(breakAt === undefined)
      expect(at ?? 0).toBeLessThanOrEqual(encoding === 'base64' ? fromBase64(text).length : text.length)
      expect(encoding === 'base64' || truncated === text.includes(' bytes left out]…')).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it('what is kept and what the markers say was left out add up to the whole', () => {
  fc.assert(
    fc.property(
      content.map(encode),
      options,
      fc.option(fc.nat(2500), { nil: undefined }),
      (bytes, settings, breakAt) => {
        const { text } = renderRawChunk(bytes, { ...settings, mode: 'full', breakAt })
        const leftOut = [...text.matchAll(MARKER)].reduce((sum, match) => sum + Number(match[1]), 0)
        expect(sizeOf(text.replaceAll(MARKER, '')) + leftOut).toBe(bytes.length)
      },
    ),
  )
})

it('the place where it broke points at the same byte after cutting', () => {
  const ascii = fc.array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 1, maxLength: 4000 })
  fc.assert(
    fc.property(
      ascii,
      fc.nat(),
      fc.boolean(),
      fc.integer({ min: 64, max: 1024 }),
      (codes, pick, isBinary, maxBytes) => {
        const breakAt = pick % codes.length
        // DEL marks the place; a byte beyond ASCII makes it base64.
        const bytes = Uint8Array.from(isBinary ? [0xff, ...codes] : codes)
        bytes[breakAt] = 0x7f
        const rendered = renderRawChunk(bytes, { mode: 'masked', maxBytes, breakAt })
        const shown =
          rendered.encoding === 'base64' ? fromBase64(rendered.text) : encode(rendered.text.replaceAll('…', '.'))
        expect(shown[rendered.breakAt ?? -1]).toBe(0x7f)
      },
    ),
    { numRuns: 1000 },
  )
})

it('bytes with one byte corrupted, cut anywhere, show none of the content', () => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from('qzjkQZж你é')), minLength: 4, maxLength: 12 })
  const text = fc
    .array(fc.oneof(word, fc.constantFrom('data: {"', '\n', '"id":"', '<html>', ' ')))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1 }),
      fc.nat(),
      fc.nat(255),
      fc.nat(),
      fc.nat(),
      (texts, at, byte, one, other) => {
        const stream = encode(
          texts.map((delta) => `data: ${JSON.stringify({ id: 'a', choices: [{ delta }] })}\n\n`).join(''),
        )
        stream[at % stream.length] = byte
        const from = Math.min(one % stream.length, other % stream.length)
        const piece = stream.subarray(from, 1 + Math.max(one % stream.length, other % stream.length))
        const { text: shown, encoding } = renderRawChunk(piece, { mode: 'masked', maxBytes: 1e6 })
        const letters = encoding === 'base64' ? atob(shown) : shown
        expect(letters.match(/[qzjkQZж你é]{4,}|[\u0080-\u00fe]{4,}/g) ?? []).toEqual([])
      },
    ),
    { numRuns: 2000 },
  )
})

describe('a huge chunk', () => {
  const huge = (middle: string): Uint8Array => {
    const filler = `data: {"text":"${'Bob '.repeat(200)}"}\n\n`
    return encode(filler.repeat(2500) + middle + filler.repeat(2500))
  }

  it('keeps its head and its tail, masked, and says what was left out', () => {
    const bytes = huge('')
    const { text, size } = renderRawChunk(bytes, { mode: 'masked', maxBytes: 1024 })
    expect(text).toMatch(/^data: \{"text":"xxx xxx .*…\[\d+ bytes left out\]….*xxx "\}\n\n$/s)
    expect(size).toBe(bytes.length)
    const leftOut = Number([...text.matchAll(MARKER)][0]?.[1])
    expect(sizeOf(text.replaceAll(MARKER, '')) + leftOut).toBe(size)
  })

  it('keeps the surroundings of the place where it broke', () => {
    const bytes = huge('data: {"id":"broken","text" oops\n\n')
    const breakAt = new TextDecoder().decode(bytes).indexOf('oops')
    const rendered = renderRawChunk(bytes, { mode: 'masked', maxBytes: 1024, breakAt })
    expect(rendered.text).toContain('data: {"id":"broken","xxxx" xxxx\n\n')
    expect(rendered.text.slice(rendered.breakAt)).toMatch(/^xxxx\n\n/)
    const leftOut = [...rendered.text.matchAll(MARKER)].reduce((sum, match) => sum + Number(match[1]), 0)
    expect(sizeOf(rendered.text.replaceAll(MARKER, '')) + leftOut).toBe(bytes.length)
  })
})
