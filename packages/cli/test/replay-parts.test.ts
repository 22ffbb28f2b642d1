import { gzipSync, brotliCompressSync, deflateRawSync, deflateSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawPlace } from '../src/print/place.ts'
import { displayWidth } from '../src/print/width.ts'
import { CONTEXT_BYTES, ContextWindow } from '../src/replay/context-window.ts'
import { unmaskNumbers } from '../src/replay/unmask-numbers.ts'
import { toVerdict, type Place } from '../src/replay/verdict.ts'
import { inPieces, replayBytes, verdictOf } from './replay/play.ts'

const EVENT =
  'data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Rivers"}}]}\n\n'
const HEALTHY = `${EVENT}${EVENT}data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`
const CUT = HEALTHY.slice(0, EVENT.length + 40)
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'

const chunked = (body: string, sizes: readonly number[]): string => {
  let at = 0
  const pieces: string[] = []
  for (const size of sizes) {
    const piece = body.slice(at, at + size)
    at += size
    if (piece !== '') pieces.push(`${piece.length.toString(16)}\r\n${piece}\r\n`)
  }
  if (at < body.length) pieces.push(`${(body.length - at).toString(16)}\r\n${body.slice(at)}\r\n`)
  return `${pieces.join('')}0\r\n\r\n`
}

describe('a capture in any pieces gives one verdict', () => {
  const framed = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunked(HEALTHY, [1, 40, 3, 200])}`
  const forms: readonly (readonly [string, Buffer, string])[] = [
    ['a body', Buffer.from(CUT), 'truncated_event provider_truncation'],
    ['curl -i', Buffer.from(`${HEAD}\r\n${CUT}`), 'truncated_event provider_truncation'],
    ['curl --raw', Buffer.from(framed), 'completed -'],
    ['curl --raw, cut', Buffer.from(framed.slice(0, -60)), 'premature_close peer_closed'],
    [
      'with a note of curl',
      Buffer.from(`${HEAD}\r\n${CUT}curl: (56) Recv failure: Connection reset by peer\n`),
      'connection_reset network',
    ],
    [
      'gzip',
      Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: gzip\r\n\r\n`), gzipSync(CUT)]),
      'truncated_event provider_truncation',
    ],
    ['a gzip of curl -i', gzipSync(`${HEAD}\r\n${CUT}`), 'truncated_event provider_truncation'],
  ]
  it.each(forms)('%s', async (_, bytes, expected) => {
    const everyByte = Array.from(bytes, (_byte, i) => i)
    expect(verdictOf(await replayBytes(bytes))).toBe(expected)
    expect(verdictOf(await replayBytes(bytes, {}, everyByte))).toBe(expected)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        expect(verdictOf(await replayBytes(bytes, {}, cuts))).toBe(expected)
      }),
    )
  })

  it('HTTP chunks of any sizes make the same body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 30 }), async (sizes) => {
        const bytes = `${HEAD}transfer-encoding: chunked\r\n\r\n${chunked(HEALTHY, sizes)}`
        const { report } = await replayBytes(bytes)
        expect([report.outcome, report.bytes]).toEqual(['completed', HEALTHY.length])
      }),
    )
  })

  it.each<readonly [string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('a body compressed by %s is read, and what could be read of one that stops', async (encoding, compress) => {
    const head = Buffer.from(`${HEAD}content-encoding: ${encoding}\r\n\r\n`)
    const whole = compress(HEALTHY)
    expect(verdictOf(await replayBytes(Buffer.concat([head, whole])))).toBe('completed -')
    // As curl --compressed leaves it.
    expect(verdictOf(await replayBytes(Buffer.concat([head, Buffer.from(HEALTHY)])))).toBe('completed -')
    const { report } = await replayBytes(Buffer.concat([head, whole.subarray(0, whole.length / 2)]))
    expect(report.outcome).toBe('broken')
  })

  it('never fails in another way than by one sentence, whatever the bytes', async () => {
    const beginnings = fc.constantFrom(
      '',
      'HTTP/1.1 200 OK\r\n',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
      `${HEAD}Content-Encoding: gzip\r\n\r\n`,
      '{"log":{',
      '"data: ',
      'data: ',
      '\u001f\u008b',
      '{"streamgauge.chunk.raw":',
    )
    await fc.assert(
      fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 400 }), async (text, bytes) => {
        const all = Buffer.concat([Buffer.from(text, 'latin1'), bytes])
        const failure = await replayBytes(all).then(
          () => undefined,
          (error: Error) => error,
        )
        expect(failure?.name ?? 'CliError').toMatch(/^(CliError|Error)$/)
        expect(failure?.message ?? 'a chunk is no capture').toMatch(
          /^(It .*\.|The body is compressed .*\.|a chunk is no capture)$/,
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('the context window', () => {
  const anyBody = fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', 'x'.repeat(5000)), { maxLength: 120 })
    .map((parts) => Buffer.from(parts.join('')))

  it('counts lines as the whole body has them, whatever was dropped', () => {
    fc.assert(
      fc.property(
        anyBody,
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 5 }),
        (body, sizes) => {
          const window = new ContextWindow()
          for (let at = 0, i = 0; at < body.length; i++) {
            const size = sizes[i % sizes.length] ?? 1
            window.push(body.subarray(at, at + size))
            at += size
          }
          const place = Math.max(0, body.length - CONTEXT_BYTES)
          for (const offset of [place, Math.floor((place + body.length) / 2), body.length]) {
            const before = body.toString('latin1', 0, offset)
            const expected = before.split(/\r\n|\r|\n/).length
            expect(window.lineAt(offset)).toBe(expected)
          }
        },
      ),
    )
  })

  it('keeps what stands before the place, and no more behind it than it is told to', () => {
    const window = new ContextWindow()
    window.push(Buffer.from('one\ntwo\n'))
    window.keep(6)
    window.push(Buffer.from('three\nfour\n'))
    expect(window.linesBefore(8, 4).map(({ number, bytes }) => `${number} ${Buffer.from(bytes).toString()}`)).toEqual([
      '1 one',
      '2 two',
    ])
    expect(window.linesFrom(8, 4).map(({ number, bytes }) => `${number} ${Buffer.from(bytes).toString()}`)).toEqual([
      '3 three',
    ])
  })
})

describe('a place that is drawn', () => {
  const anyText = fc.string({
    unit: fc.constantFrom('a', '世', '🌊', '\n', '\r', '\u001b', '\u202e', '\ud83c', '"'),
    maxLength: 300,
  })
  const anyPlace: fc.Arbitrary<Place> = fc.record({
    raw: anyText,
    encoding: fc.constant('utf-8' as const),
    index: fc.constant(1),
    line: fc.option(fc.integer({ min: 1, max: 10_000_000 })),
    offset: fc.constant(0),
    size: fc.constant(0),
    break: fc.option(fc.integer({ min: 0, max: 400 })),
    truncated: fc.boolean(),
    before: fc.array(fc.record({ line: fc.nat(100), text: anyText }), { maxLength: 4 }),
    after: fc.array(fc.record({ line: fc.nat(100), text: anyText }), { maxLength: 2 }),
  })

  it('is never wider than the page, and has no control character of the body', () => {
    fc.assert(
      fc.property(anyPlace, fc.integer({ min: 40, max: 120 }), (place, width) => {
        for (const line of drawPlace(place, width)) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
        }
      }),
    )
  })

  it('has one mark, in the line in which it broke', () => {
    const place: Place = {
      raw: 'event: x\ndata: {"a"\n\n',
      encoding: 'utf-8',
      index: 2,
      line: 5,
      offset: 9,
      size: 20,
      break: 19,
      truncated: false,
      before: [{ line: 4, text: '' }],
      after: [{ line: 8, text: 'data: 2' }],
    }
    expect(drawPlace(place, 60)).toEqual([
      '  4 │',
      '  5 │ event: x',
      '  6 │ data: {"a"',
      '    │           ▲ it broke here',
      '  7 │',
      '  8 │ data: 2',
    ])
  })
})

it('what the model said is masked in the chunk and beside it, and shows with --full alone', async () => {
  const replayed = await replayBytes(`${EVENT}${CUT}`)
  const masked = JSON.stringify(toVerdict(replayed, 'masked'))
  expect(masked).not.toContain('Rivers')
  expect(masked).toContain('xxxxxx')
  expect(JSON.stringify(toVerdict(replayed, 'full'))).toContain('Rivers')
})

it('a key shows in no mode', async () => {
  const replayed = await replayBytes(
    `data: {"error":{"message":"Incorrect API key provided: sk-proj-abcdefghijklmnop1234567890"}}\n\n`,
  )
  for (const mode of ['masked', 'full'] as const)
    expect(JSON.stringify(toVerdict(replayed, mode))).not.toContain('abcdefghijklmnop')
})

it('masked numbers are numbers again, and nothing else changes', () => {
  expect(Buffer.from(unmaskNumbers(Buffer.from('{"a":000,"b":[-00.00,0,0.5,10],"c":"000","d":1e00}'))).toString()).toBe(
    '{"a":100,"b":[-10.00,0,0.5,10],"c":"000","d":1e00}',
  )
})

it('pieces of a test are the bytes of the whole', async () => {
  const bytes = Buffer.from(HEALTHY)
  const pieces: Uint8Array[] = []
  for await (const piece of inPieces(bytes, [3, 500, 10])) pieces.push(piece)
  expect(Buffer.concat(pieces)).toEqual(bytes)
})
