import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { MAX_JSON_DEPTH } from '../src/json/nesting.ts'
import { JsonScanner, type JsonScan, type JsonVisitor } from '../src/json/json-scanner.ts'
import { scanJson } from '../src/json/scan-json.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function expectAgreement(text: string): void {
  expect({ text, valid: scanJson(text).state === 'complete' }).toEqual({ text, valid: isJson(text) })
}

/** Writes down tokens as `kind:text`. */
class TokenList implements JsonVisitor {
  readonly tokens: string[] = []
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  key(start: number, end: number): void {
    this.#add('key', start, end)
  }
  cutKey(start: number, end: number): void {
    this.#add('cut key', start, end)
  }
  string(start: number, end: number, closed: boolean): void {
    this.#add(closed ? 'string' : 'cut string', start, end)
  }
  scalar(start: number, end: number, kind: string): void {
    this.#add(kind, start, end)
  }
  open(index: number, bracket: string): void {
    this.tokens.push(`open:${bracket}${index}`)
  }
  close(index: number): void {
    this.tokens.push(`close:${index}`)
  }
  #add(kind: string, start: number, end: number): void {
    this.tokens.push(`${kind}:${this.#text.slice(start, end)}`)
  }
}

const jsonText = fc.oneof(
  fc.json(),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value, undefined, 2)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
)
const jsonCharacters = fc.string({
  unit: fc.constantFrom(...Array.from('{}[],:"\\ \n\t\r\u0000\u001f\u007f\u00a0\ufeff\ud800aeftrulnsu0129.+-E/bx')),
  maxLength: 24,
})
const mutation = fc.tuple(jsonText, fc.nat(), fc.nat(6), jsonCharacters).map(([text, at, removed, added]) => {
  const place = at % (text.length + 1)
  return text.slice(0, place) + added + text.slice(place + removed)
})

describe('agreement with JSON.parse', () => {
  it('every JSON text is complete', () => {
    fc.assert(fc.property(jsonText, expectAgreement))
  })
  it('mutated JSON is complete exactly when JSON.parse takes it', () => {
    fc.assert(fc.property(mutation, expectAgreement), { numRuns: 2000 })
  })
  it('random text of JSON characters is complete exactly when JSON.parse takes it', () => {
    fc.assert(fc.property(jsonCharacters, expectAgreement), { numRuns: 2000 })
  })
  it('any text is complete exactly when JSON.parse takes it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectAgreement))
  })
})

describe('where it broke', () => {
  const none = { inString: false, depth: 0, afterValue: false }
  const cases: [name: string, text: string, expected: JsonScan][] = [
    ['an object', ' {"a":[1,2]} ', { state: 'complete', index: 12, ...none }],
    ['a number at the end', '-12.5e+3', { state: 'complete', index: 8, ...none }],
    ['nothing', '', { state: 'incomplete', index: 0, ...none }],
    ['white space', ' \n', { state: 'incomplete', index: 2, ...none }],
    ['a cut string', '{"a":["hel', { state: 'incomplete', index: 10, ...none, inString: true, depth: 2 }],
    ['a cut escape', '"\\u12', { state: 'incomplete', index: 5, ...none, inString: true }],
    ['a cut number', '1.', { state: 'incomplete', index: 2, ...none }],
    ['a cut literal', '[tru', { state: 'incomplete', index: 4, ...none, depth: 1 }],
    ['a second value', '{}{}', { state: 'invalid', index: 2, ...none, afterValue: true }],
    ['a number with a leading zero', '01', { state: 'invalid', index: 1, ...none, afterValue: true }],
    ['a raw line break in a string', '["a\nb"]', { state: 'invalid', index: 3, ...none, inString: true, depth: 1 }],
    ['an unknown escape', '"\\x"', { state: 'invalid', index: 2, ...none, inString: true }],
    ['a trailing comma', '{"a":1,}', { state: 'invalid', index: 7, ...none, depth: 1 }],
    ['a wrong bracket', '[1}', { state: 'invalid', index: 2, ...none, depth: 1 }],
    ['a byte order mark', '\ufeff{}', { state: 'invalid', index: 0, ...none }],
  ]
  it.each(cases)('%s', (_name, text, expected) => {
    expect(scanJson(text)).toEqual(expected)
  })

  it('every beginning of a JSON text is incomplete, or complete in itself', () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), (text, at) => {
        const prefix = text.slice(0, at % (text.length + 1))
        expect(scanJson(prefix).state).not.toBe('invalid')
      }),
    )
  })

  it('what comes before the offending character is no mistake, and with it no ending helps', () => {
    fc.assert(
      fc.property(mutation, jsonCharacters, (text, ending) => {
        const scan = scanJson(text)
        if (scan.state !== 'invalid') return
        expect(scanJson(text.slice(0, scan.index)).state).not.toBe('invalid')
        expect(isJson(text.slice(0, scan.index + 1) + ending)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('pieces', () => {
  it('JSON read in pieces gives the same verdict and tokens as JSON read at once', () => {
    fc.assert(
      fc.property(mutation, fc.array(fc.nat(12)), (text, steps) => {
        const whole = new TokenList(text)
        const pieces = new TokenList(text)
        const scanner = new JsonScanner(pieces)
        let from = 0
        for (const step of [...steps, text.length]) {
          const to = Math.min(text.length, from + step)
          scanner.push(text, from, to)
          from = to
        }
        expect(scanner.end(text.length)).toEqual(scanJson(text, whole))
        expect(pieces.tokens).toEqual(whole.tokens)
      }),
    )
  })
})

describe('nesting', () => {
  it('nesting up to the limit agrees with JSON.parse', () => {
    const text = '[{"a":'.repeat(MAX_JSON_DEPTH / 2) + '0' + '}]'.repeat(MAX_JSON_DEPTH / 2)
    expect(scanJson(text)).toMatchObject({ state: 'complete', index: text.length })
    expect(scanJson(text.slice(0, -1) + '}').state).toBe('invalid')
  })
  it('the bracket beyond the limit is invalid, and nothing is thrown', () => {
    expect(scanJson('['.repeat(MAX_JSON_DEPTH * 2))).toMatchObject({
      state: 'invalid',
      index: MAX_JSON_DEPTH,
      depth: MAX_JSON_DEPTH,
    })
  })
})

describe('tokens', () => {
  const cases: [name: string, text: string, tokens: string[]][] = [
    ['names and values', '{"a":"b"}', ['open:{0', 'key:"a"', 'string:"b"', 'close:8']],
    ['numbers and literals', '[1,null]', ['open:[0', 'number:1', 'literal:null', 'close:7']],
    ['a name without its colon is not reported as a name', '{"a","b"]', ['open:{0']],
    ['a name cut before its colon', '{"a"', ['open:{0', 'cut key:"a"']],
    ['a cut name', '{"a', ['open:{0', 'cut key:"a']],
    ['a cut value', '{"a":"b', ['open:{0', 'key:"a"', 'cut string:"b']],
    ['a broken value, up to where it broke', '["b\n"', ['open:[0', 'cut string:"b']],
    ['a cut number', '[12', ['open:[0', 'number:12']],
    ['nothing after the break', '[1 2, 3]', ['open:[0', 'number:1']],
  ]
  it.each(cases)('%s', (_name, text, tokens) => {
    const list = new TokenList(text)
    scanJson(text, list)
    expect(list.tokens).toEqual(tokens)
  })

  it('the names and strings of valid JSON are those of the parsed value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value)
        const list = new TokenList(text)
        scanJson(text, list)
        const found = list.tokens.filter((token) => /^(key|string|number|literal):/.test(token))
        expect(found).toEqual(leavesOf(value))
      }),
    )
  })
})

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [`string:${JSON.stringify(value)}`]
  if (typeof value === 'number') return [`number:${JSON.stringify(value)}`]
  if (value === null || typeof value !== 'object') return [`literal:${String(value)}`]
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  return Object.entries(value).flatMap(([key, child]) => [`key:${JSON.stringify(key)}`, ...leavesOf(child)])
}
