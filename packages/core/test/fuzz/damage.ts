// What happens to streams on their way: to events, to lines, to bytes.
import fc from 'fast-check'
import type { MeantEvent } from './answers.ts'

/** Takes, repeats, exchanges or inserts at a place, which is counted from the beginning again beyond the end. */
export interface Damage<T> {
  readonly kind: 'delete' | 'repeat' | 'swap' | 'insert' | 'cut'
  readonly at: number
  readonly count: number
  readonly what: T
}

/** Damage to single bytes. */
export interface BitFlip {
  readonly at: number
  readonly mask: number
}

const FOREIGN_EVENTS: readonly MeantEvent[] = [
  { text: '[DONE]' },
  { data: { error: { message: 'overloaded', code: 'x' } } },
  { data: { error: 'boom' } },
  { data: { error: 0 } },
  { data: { error: null } },
  { data: { object: 'error', message: 'no' } },
  { data: { type: 'error', code: 'server_error' } },
  { name: 'error', data: { message: 'boom' } },
  { name: 'error', data: { error: { code: 'x' } } },
  { name: 'error', text: 'upstream failed' },
  { name: 'error' },
  { name: 'response.failed', data: { type: 'response.failed', response: { error: { code: 'x' } } } },
  { name: 'thread.run.failed', data: { id: 'run_1' } },
  { name: 'ping' },
  { name: 'ping', data: {} },
  { text: '' },
  { text: ' ' },
  { text: '\n' },
  { text: '[DONE] ' },
  { text: '[DONE]'.padEnd(14) },
  { text: '[DONE]\n' },
  { text: ' [DONE]' },
  { text: '[DONE]x' },
  { text: '<html><body>502</body></html>' },
  { text: 'upstream failed' },
  { text: '{"choices":[{"del' },
  { text: '{"a":1}{"b":2}' },
  { text: '{"a":1}\n{"b":2}' },
  { text: 'null' },
  { text: '[]' },
  { text: '17' },
  { text: '{"choices":[{"delta":{},"finish_reason":"stop"}]}' },
  { text: '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]}' },
  { text: '{"choices":{},"usage":[]}' },
  { text: '{"choices":[null,1,[]],"usage":null}' },
  { text: '\uFEFF{}' },
  { data: { type: 'keepalive', sequence_number: 3 } },
  { data: { type: 'response.output_text.delta', sequence_number: 40, delta: 'x' } },
]

const FOREIGN_LINES = [
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  ': ping\n\n',
  '<!DOCTYPE html>\n<html>\n<h1>502</h1>\n',
  'error: {"code":500}\n',
  'event: error\n',
  'event: done\n',
  'data: [DONE]\n',
  'data: [DONE]',
  'data',
  'data\n',
  'data:\n',
  'da',
  'event',
  'id: \u0000\n',
  '\uFEFF',
  '\uFEFFdata: {\n',
  '\uFEFFevent: error\n',
  '\u0000',
  '{"error":{"message":"quota"}}\n',
]

const FOREIGN_BYTES = [
  '\n',
  '\r',
  '\0',
  ':',
  ' ',
  '"',
  '{',
  '}',
  ',',
  '\xff',
  '\x80',
  '\xc3',
  '\xe4\xb8',
  '\xf0\x9f\x8c',
  '\xef\xbb\xbf',
  '\xed\xa0\x80',
  'data: ',
  '[DONE]',
]

function damageOf<T>(what: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly Damage<T>[]> {
  return fc.array(
    fc.record({
      kind: fc.constantFrom<Damage<T>['kind']>(
        'insert',
        'insert',
        'insert',
        'delete',
        'delete',
        'repeat',
        'swap',
        'cut',
      ),
      at: fc.nat(5000),
      count: fc.integer({ min: 1, max: 4 }),
      what,
    }),
    { maxLength: most },
  )
}

/** All that happens to one stream. */
export interface Damages {
  /** To events, before they are spelled. */
  readonly events: readonly Damage<MeantEvent>[]
  readonly lines: readonly Damage<string>[]
  /** To bytes, each the character of its number. */
  readonly bytes: readonly Damage<string>[]
  readonly flips: readonly BitFlip[]
}

const events = damageOf(fc.constantFrom(...FOREIGN_EVENTS), 3)
const lines = damageOf(fc.constantFrom(...FOREIGN_LINES), 3)
const bytes = damageOf(fc.constantFrom(...FOREIGN_BYTES), 2)
const flips = fc.array(fc.record({ at: fc.nat(5000), mask: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128) }), {
  maxLength: 2,
})
const NONE: Damages = { events: [], lines: [], bytes: [], flips: [] }

/** Mostly of one kind: what breaks early hides what would break late. */
export const damages: fc.Arbitrary<Damages> = fc.oneof(
  { weight: 6, arbitrary: events.map((list) => ({ ...NONE, events: list })) },
  { weight: 4, arbitrary: lines.map((list) => ({ ...NONE, lines: list })) },
  { weight: 2, arbitrary: bytes.map((list) => ({ ...NONE, bytes: list })) },
  { weight: 1, arbitrary: flips.map((list) => ({ ...NONE, flips: list })) },
  { weight: 1, arbitrary: fc.record({ events, lines, bytes, flips }) },
)

/** Does damage to a list, in turn. */
export function damageList<T>(list: readonly T[], damage: readonly Damage<T>[]): T[] {
  const result = [...list]
  for (const { kind, at, count, what } of damage) {
    const place = at % (result.length + 1)
    const taken = result.slice(place, place + count)
    if (kind === 'insert') result.splice(place, 0, what)
    if (kind === 'delete') result.splice(place, count)
    if (kind === 'repeat') result.splice(place, 0, ...taken)
    if (kind === 'swap') result.splice(place, taken.length, ...taken.toReversed())
    if (kind === 'cut') result.splice(place)
  }
  return result
}

/** Does damage to bytes. */
export function damageBytes(whole: Uint8Array, damage: Damages): Uint8Array {
  // One character a byte, so that text of the palette becomes its bytes.
  const characters = damageList(
    Array.from(whole, (byte) => String.fromCharCode(byte)),
    damage.bytes,
  )
  const damaged = Uint8Array.from(characters.join(''), (character) => character.charCodeAt(0))
  for (const { at, mask } of damage.flips) {
    const place = at % Math.max(1, damaged.length)
    damaged[place] = (damaged[place] ?? 0) ^ mask
  }
  return damaged
}
