import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { escapeForTerminal } from '../src/print/escape.ts'
import { drawRawChunk } from '../src/print/raw-chunk.ts'
import { formatTable, type Column } from '../src/print/table.ts'
import { displayWidth, keepEnd, keepStart } from '../src/print/width.ts'
import { wrapText } from '../src/print/wrap.ts'

/** Any string: halves of characters, control characters, wide ones. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((codes) => String.fromCharCode(...codes)),
  fc.string({
    unit: fc.constantFrom('a', '世', '🌊', 'é', '\u0301', '\n', '\u001b', '\u202e', '\ud83c'),
    maxLength: 300,
  }),
)
const printableText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 400,
})
const pageWidth = fc.integer({ min: 40, max: 200 })
const lettersOnly = fc.string({ unit: fc.constantFrom('a', 'b', '世', '🌊'), maxLength: 30 })

describe('escapeForTerminal', () => {
  it('leaves no control character, format character or half of a character of any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeForTerminal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      }),
    )
  })

  it('changes nothing of a text that is safe', () => {
    fc.assert(fc.property(printableText, (text) => expect(escapeForTerminal(text)).toBe(text)))
  })

  it.each([
    ['a line end', 'a\r\nb', 'a␍⏎b'],
    ['a tab', 'a\tb', 'a␉b'],
    ['a sequence that clears the screen', '\u001b[2J', '\\u{1b}[2J'],
    ['its form in one byte', '\u009b2J', '\\u{9b}2J'],
    ['a change of direction', 'a\u202eb', 'a\\u{202e}b'],
    ['half of a character', '\ud83c', '\\u{d83c}'],
  ])('shows %s', (_, text, shown) => expect(escapeForTerminal(text)).toBe(shown))
})

describe('drawRawChunk', () => {
  it('never draws a line wider than the page, nor more than three', () => {
    const place = fc.option(fc.integer({ min: -10, max: 500 }), { nil: undefined })
    fc.assert(
      fc.property(anyText, place, pageWidth, (text, breakAt, width) => {
        const { lines, mark } = drawRawChunk(text, breakAt, width)
        expect(lines.length).toBeLessThanOrEqual(3)
        expect(mark === undefined).toBe(breakAt === undefined)
        for (const line of [...lines, mark ?? '']) expect(displayWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('puts the mark under the first character that is wrong, or behind the last one', () => {
    const textAndPlace = printableText.chain((text) => fc.tuple(fc.constant(text), fc.nat({ max: text.length })))
    fc.assert(
      fc.property(textAndPlace, pageWidth, ([text, breakAt], width) => {
        const { lines, mark = '' } = drawRawChunk(text, breakAt, width)
        const [line = ''] = lines
        const column = mark.indexOf('▲')
        const before = line.slice(0, column).replace(/^…/, '')
        expect(text.slice(0, breakAt).endsWith(before)).toBe(true)
        expect(line.slice(column, column + 1)).toBe(text.slice(breakAt, breakAt + 1))
      }),
    )
  })

  it('draws the beginning of a chunk whose break is not known', () => {
    expect(drawRawChunk('<html>'.repeat(30), undefined, 40)).toEqual({
      lines: [
        '<html>'.repeat(7).slice(0, 40),
        '<html>'.repeat(14).slice(40, 80),
        `${'<html>'.repeat(30).slice(80, 119)}…`,
      ],
    })
  })

  it.each([
    ['in the middle', 'data: {"a"}{"b"}', 11, { lines: ['data: {"a"}{"b"}'], mark: '           ▲ it broke here' }],
    ['at the end', 'data: {"a', 9, { lines: ['data: {"a'], mark: '         ▲ it broke here' }],
    ['behind wide characters', '世界x', 2, { lines: ['世界x'], mark: '    ▲ it broke here' }],
    ['at the far end', 'x'.repeat(60), 60, { lines: [`…${'x'.repeat(38)}`], mark: `${' '.repeat(25)}it broke here ▲` }],
  ])('draws a break %s', (_, text, breakAt, drawn) => expect(drawRawChunk(text, breakAt, 40)).toEqual(drawn))
})

describe('formatTable', () => {
  const COLUMNS: readonly Column[] = [
    { title: 'left' },
    { title: 'right', align: 'right' },
    { title: 'may go', spare: 2 },
    { title: 'goes first', spare: 3 },
  ]
  const tables = fc.array(fc.tuple(lettersOnly, lettersOnly, lettersOnly, lettersOnly), { maxLength: 8 })

  it('begins every column at the same place in every line, and never exceeds the page', () => {
    fc.assert(
      fc.property(tables, pageWidth, (rows, width) => {
        const [head = '', rule = '', ...lines] = formatTable(COLUMNS, rows, { width }).split('\n')
        expect(lines).toHaveLength(rows.length)
        for (const line of [head, rule, ...lines]) expect(displayWidth(line)).toBeLessThanOrEqual(width)
        const ends = Array.from(rule.matchAll(/─+/g), ({ index, 0: dashes }) => index + dashes.length)
        rows.forEach((row, r) => {
          // The right column ends where its rule ends, unless it was cut to fit.
          const end = ends[1] ?? 0
          const right = row[1]
          const isWhole = right !== '' && displayWidth(right) <= end - (ends[0] ?? 0) - 2
          const upToEnd = keepWidth(lines[r] ?? '', end)
          if (isWhole) expect(upToEnd.endsWith(right)).toBe(true)
        })
      }),
    )
  })

  it('leaves out what can be spared, the highest number first, and cuts the widest column last', () => {
    const rows = [['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10), 'd'.repeat(10)]]
    const titles = (width: number): readonly string[] =>
      formatTable(COLUMNS, rows, { width }).split('\n')[0]?.split(/ {2,}/) ?? []
    expect(titles(46)).toEqual(['left', 'right', 'may go', 'goes first'])
    expect(titles(45)).toEqual(['left', 'right', 'may go'])
    expect(titles(33)).toEqual(['left', 'right'])
    expect(formatTable(COLUMNS, rows, { width: 20 }).split('\n')[2]).toBe('aaaaaaa…  bbbbbbbbbb'.padEnd(20))
  })

  it('goes on in the next line where a column wraps', () => {
    const columns = [{ title: 'name' }, { title: 'text', wraps: true }]
    expect(formatTable(columns, [['a', 'one two three']], { width: 14 })).toBe(
      'name  text\n────  ────────\na     one two\n      three',
    )
  })
})

describe('widths', () => {
  it('a text that is kept in part fits, and is whole where it can be', () => {
    fc.assert(
      fc.property(lettersOnly, fc.integer({ min: 1, max: 40 }), (text, width) => {
        for (const keep of [keepStart, keepEnd]) {
          expect(displayWidth(keep(text, width))).toBeLessThanOrEqual(width)
          if (displayWidth(text) <= width) expect(keep(text, width)).toBe(text)
        }
      }),
    )
  })

  it('wrapping loses no word, and no line of several words is too wide', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '世'), minLength: 1, maxLength: 15 }))
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const lines = wrapText(list.join(' '), width)
        expect(lines.join(' ')).toBe(list.join(' '))
        for (const line of lines) if (line.includes(' ')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })
})

/** The beginning of a line, up to a column. */
function keepWidth(line: string, width: number): string {
  let kept = ''
  for (const character of line) if (displayWidth(kept + character) <= width) kept += character
  return kept
}
