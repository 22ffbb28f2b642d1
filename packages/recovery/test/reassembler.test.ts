import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { reassemble } from '../src/index.ts'
import { MAX_PARTS, Reassembler, type RepairType } from '../src/reassemble/reassembler.ts'

interface Result {
  readonly output: string
  readonly repairs: readonly RepairType[]
}

function run(pieces: readonly string[], maxHeldBytes?: number): Result {
  const repairs: RepairType[] = []
  const events = new Reassembler((type) => repairs.push(type), maxHeldBytes)
  return { output: pieces.map((piece) => events.push(piece)).join('') + events.end(), repairs }
}

const A = '{"a":"x y","b":[1,{"c":null}]}'
const B = '{"b":"\u00c3\u00a9 \\" }{"}'
const event = (data: string): string => `data: ${data}\n\n`

it.each<readonly [options: object, message: string]>([
  [{ onrepair: () => {} }, 'Unknown option "onrepair": allowed are onRepair, maxHeldBytes.'],
  [{ onRepair: true }, 'Option "onRepair" must be a function of a type of repair; received true.'],
  [{ maxHeldBytes: 1023 }, 'Option "maxHeldBytes" must be an integer from 1024 to 2147483647; received 1023.'],
])('%j is refused', (options, message) => {
  expect(() => reassemble(fetch, options)).toThrow(new RangeError(message))
})

describe('events', () => {
  it.each<readonly [what: string, input: string, output: string, repairs: readonly RepairType[]]>([
    ['cut by a blank line', `data: ${A.slice(0, 7)}\n\n${A.slice(7)}\n\n`, event(A), ['split']],
    ['cut, with data: before the rest', `data: ${A.slice(0, 7)}\n\ndata: ${A.slice(7)}\n\n`, event(A), ['split']],
    ['cut before a colon', `data: {"a"\n\n:1}\n\n`, event('{"a":1}'), ['split']],
    ['cut in three', `data: ${A.slice(0, 3)}\n\n${A.slice(3, 9)}\n\n${A.slice(9)}\n\n`, event(A), ['split']],
    ['cut within a character', 'data: {"a":"\u00c3\n\n\u00a9"}\n\n', event('{"a":"\u00c3\u00a9"}'), ['split']],
    ['cut, with carriage returns', `data: {"a"\r\n\r\n:1}\r\n\r\n`, `data: {"a":1}\r\n\r\n`, ['split']],
    ['cut, with carriage returns alone', `data: {"a"\r\r:1}\r\r`, `data: {"a":1}\r\r`, ['split']],
    ['cut, with a name', `event: e\ndata: {"a"\n\n:1}\n\n`, `event: e\ndata: {"a":1}\n\n`, ['split']],
    ['joined', `data: ${A}\ndata: ${B}\n\n`, event(A) + event(B), ['joined']],
    [
      'joined, three of them',
      `data: {}\ndata: {}\ndata: [DONE]\n\n`,
      event('{}') + event('{}') + event('[DONE]'),
      ['joined', 'joined'],
    ],
    [
      'joined, with names',
      'event: a\ndata: {}\nevent: b\ndata: {}\n\n',
      'event: a\ndata: {}\n\nevent: b\ndata: {}\n\n',
      ['joined'],
    ],
    ['joined, with carriage returns', 'data: {}\r\ndata: {}\r\n\r\n', 'data: {}\r\n\r\ndata: {}\r\n\r\n', ['joined']],
    ['glued', `data: ${A}${B}\n\n`, event(A) + event(B), ['glued']],
    ['glued with data: between', `data: ${A}data: ${B}\n\n`, event(A) + event(B), ['glued']],
    ['glued to [DONE]', `data: ${A}[DONE]\n\n`, event(A) + event('[DONE]'), ['glued']],
    [
      'glued behind a byte order mark',
      `\u00ef\u00bb\u00bfdata: ${A}${B}\n\n`,
      `\u00ef\u00bb\u00bf${event(A)}${event(B)}`,
      ['glued'],
    ],
    ['without the last blank line', `data: ${A}`, event(A), ['unterminated']],
    ['without the last line feed', `data: ${A}\n`, event(A), ['unterminated']],
  ])('%s are put right', (_, input, output, repairs) => {
    expect(run([input])).toEqual({ output, repairs })
  })

  it.each<readonly [what: string, input: string]>([
    ['plain ones', event(A) + event(B) + event('[DONE]')],
    ['one on two data lines', 'data: {"a":\ndata: 1}\n\n'],
    ['comments', `: ping\n\n${event(A)}: ping\n${event(B)}`],
    ['a name without data', 'event: ping\n\n'],
    ['empty data', 'data:\n\n'],
    ['an id and a time to wait', `id: 1\nretry: 5\n${event(A)}`],
    ['carriage returns', 'data: {}\r\n\r\ndata: [DONE]\r\n\r\n'],
    ['carriage returns alone', 'data: {}\r\rdata: [DONE]\r\r'],
    ['cut JSON before a whole event', `data: {"a\n\n${event(A)}`],
    ['cut JSON before [DONE]', `data: {"a\n\ndata: [DONE]\n\n`],
    ['cut JSON at the end', `data: {"a\n\n`],
    ['cut JSON before a comment', `data: {"a\n\n: ping\n\n${event(A)}`],
    ['cut JSON with a comment between its parts', 'data: {"a":"x\n\n: ping\n\ndata:  y"}\n\n'],
    ['an event inside another', `data: {"a":"xdata: ${A}\n\n`],
    ['a raw line break in a string', 'data: {"a":"x\ny"}\n\n'],
    ['plain text', 'data: hello\n\ndata: there\n\n'],
    ['a page of HTML', '<html>\n\n<p>502</p>\n\n'],
    ['the beginning of an event at the end', `${event(A)}data: {"a`],
    ['an unterminated [DONE]', 'data: [DONE]'],
    ['lines of data that are not all whole', `data: ${A}\ndata: {"a\n\n`],
    ['blank lines', `\n\n\n${event(A)}\n\n`],
  ])('pass untouched: %s', (_, input) => {
    expect(run([input])).toEqual({ output: input, repairs: [] })
  })

  it('go on at once when they are whole, and are held back when they are cut', () => {
    const events = new Reassembler(() => {})
    expect(events.push(event(A))).toBe(event(A))
    expect(events.push('data: {"a"\n\n')).toBe('')
    expect(events.push(event(B))).toBe(`data: {"a"\n\n${event(B)}`)
  })

  it('go on as they came where the body fails', () => {
    const events = new Reassembler(() => {})
    expect(events.push('data: {"a"\n\ndata: {"b')).toBe('')
    expect(events.fail()).toBe('data: {"a"\n\ndata: {"b')
  })

  it('that are larger than what may be held pass untouched, in parts', () => {
    const large = `data: {"a":"${'x'.repeat(2000)}`
    const events = new Reassembler(() => {}, 1024)
    expect(events.push(large)).toBe(large)
    expect(events.push('yy')).toBe('yy')
    expect(events.push(`"}{}\n\n${event(A)}`)).toBe(`"}{}\n\n${event(A)}`)
  })

  it('are not put together from more than so many parts', () => {
    const parts = Array.from({ length: MAX_PARTS }, () => ' ,1\n\n').join('')
    expect(run([`data: [0\n\n${parts} ]\n\n`])).toEqual({ output: `data: [0\n\n${parts} ]\n\n`, repairs: [] })
  })
})

/** JSON as a server writes it, one character per byte; never with a raw line end. */
const json = fc
  .object({ maxDepth: 2, values: [fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)] })
  .map((value) => Buffer.from(JSON.stringify(value)).toString('latin1'))

const lineEnd = fc.constantFrom('\n', '\r\n', '\r')

const healthy = fc
  .tuple(lineEnd, fc.array(fc.oneof(json, fc.constant('[DONE]'), fc.constant(undefined))))
  .map(([end, items]) =>
    items.map((data) => (data === undefined ? `: ping${end}${end}` : `data: ${data}${end}${end}`)).join(''),
  )

/** Healthy events, and what hops make of them. */
const hostile = fc
  .array(
    fc.oneof(
      healthy,
      fc.tuple(json, fc.nat(), lineEnd).map(([data, at, end]) => {
        const cut = at % (data.length + 1)
        return `data: ${data.slice(0, cut)}${end}${end}${data.slice(cut)}${end}${end}`
      }),
      fc.tuple(json, json, lineEnd).map(([first, second, end]) => `data: ${first}${end}data: ${second}${end}${end}`),
      fc.tuple(json, json, lineEnd).map(([first, second, end]) => `data: ${first}${second}${end}${end}`),
      fc.stringMatching(/^[dat: {}"[\],\r\nevn]*$/),
    ),
  )
  .map((parts) => parts.join(''))

/** A text in pieces. */
const fragmented = (text: fc.Arbitrary<string>): fc.Arbitrary<readonly [string, readonly string[]]> =>
  text.chain((whole) =>
    fc.array(fc.nat({ max: whole.length })).map((cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
      return [whole, places.slice(1).map((end, at) => whole.slice(places[at], end))] as const
    }),
  )

/** The bytes of data alone: what a repair must never change. */
const essence = (text: string): string => text.replaceAll(/data: ?|[\r\n]/g, '')

describe('in any fragmentation', () => {
  it('the end of the blank line may come later', () => {
    const pieces = [`data: {}{}\r\n\r`, '\n', event(A)]
    expect(run(pieces)).toEqual(run([pieces.join('')]))
    expect(run(pieces).output).toBe(`data: {}\r\n\r\ndata: {}\r\n\r\n${event(A)}`)
  })

  it('what is healthy passes untouched', () => {
    fc.assert(
      fc.property(fragmented(healthy), ([whole, pieces]) => {
        expect(run(pieces)).toEqual({ output: whole, repairs: [] })
      }),
    )
  })

  it('what is not comes out the same', () => {
    fc.assert(
      fc.property(fragmented(hostile), ([whole, pieces]) => {
        expect(run(pieces)).toEqual(run([whole]))
      }),
      { numRuns: 500 },
    )
  })

  it('what is too large comes out the same', () => {
    fc.assert(
      fc.property(fragmented(hostile), fc.nat({ max: 60 }), ([whole, pieces], most) => {
        expect(run(pieces, most)).toEqual(run([whole], most))
      }),
      { numRuns: 500 },
    )
  })

  it('no byte of data is invented or lost', () => {
    fc.assert(
      fc.property(fragmented(hostile), ([whole, pieces]) => {
        expect(essence(run(pieces).output)).toBe(essence(whole))
      }),
      { numRuns: 500 },
    )
  })
})
