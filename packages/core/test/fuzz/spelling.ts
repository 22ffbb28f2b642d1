// The same events in every spelling that the standard allows.
import fc from 'fast-check'
import type { MeantEvent } from './answers.ts'

/** How events are spelled: what is a list is used in turn, from the beginning again. */
export interface Spelling {
  readonly hasMark: boolean
  readonly lineEnds: readonly LineEnd[]
  readonly spaces: readonly boolean[]
  /** Lines of no consequence before the lines of an event. */
  readonly extras: readonly string[]
  readonly nameAfterData: readonly boolean[]
  /** JSON over several data lines. */
  readonly dataLines: readonly boolean[]
}

type LineEnd = '\n' | '\r' | '\r\n'

const EXTRAS = [
  '',
  ': ping',
  ':',
  'id: 7',
  'retry: 10',
  'id',
  'x-trace: 1',
  'data_: {}',
  'Data: {}',
  ' data: {}',
  'dat',
]

/** Any legal spelling; the usual one first, for minimal cases. */
export const spelling: fc.Arbitrary<Spelling> = fc.record({
  hasMark: fc.boolean(),
  lineEnds: fc.array(fc.constantFrom<LineEnd>('\n', '\r\n', '\r'), { maxLength: 5 }),
  spaces: fc.array(fc.boolean(), { maxLength: 3 }),
  extras: fc.array(fc.constantFrom(...EXTRAS), { maxLength: 3 }),
  nameAfterData: fc.array(fc.boolean(), { maxLength: 2 }),
  dataLines: fc.array(fc.boolean(), { maxLength: 3 }),
})

/** The lines of events, each with its end: what damage is done to. */
export function spell(events: readonly MeantEvent[], how: Spelling): string[] {
  const lines: string[] = []
  let previousEnd: LineEnd = '\n'
  const add = (line: string): void => {
    const wanted = inTurn(how.lineEnds, lines.length, '\n')
    // A line feed after a carriage return belongs to it: a blank line of its own ends otherwise.
    const end = line === '' && previousEnd === '\r' && wanted === '\n' ? '\r' : wanted
    lines.push(line + end)
    previousEnd = end
  }
  for (const [at, event] of events.entries()) {
    const space = inTurn(how.spaces, at, true) ? ' ' : ''
    const extra = inTurn(how.extras, at, '')
    if (extra !== '') add(extra)
    const name = event.name === undefined ? [] : [`event:${space}${event.name}`]
    const data = dataOf(event, inTurn(how.dataLines, at, false)).map((line) => `data:${space}${line}`)
    const fields = inTurn(how.nameAfterData, at, false) ? [...data, ...name] : [...name, ...data]
    for (const line of fields) add(line)
    add('')
  }
  return how.hasMark ? [`\uFEFF${lines[0] ?? ''}`, ...lines.slice(1)] : lines
}

function dataOf({ data, text }: MeantEvent, overLines: boolean): string[] {
  if (text !== undefined) return text.split('\n')
  if (data === undefined) return []
  // Only between tokens: a line end within a string would be another string.
  return JSON.stringify(data, null, overLines ? 1 : undefined).split('\n')
}

function inTurn<T>(list: readonly T[], at: number, usual: T): T {
  return list.length === 0 ? usual : (list[at % list.length] as T)
}
