import type { ContextLine, Place } from '../replay/verdict.ts'
import { escapeForTerminal } from './escape.ts'
import { drawRawChunk } from './raw-chunk.ts'
import { paint } from './style.ts'
import { displayWidth, keepEnds } from './width.ts'

/** Most lines of a chunk that are drawn. */
const MAX_CHUNK_LINES = 6

/** Lines of the chunk before the one with the mark. */
const LINES_BEFORE_MARK = 3

/**
 * Draws the chunk between the lines beside it, with a mark where it broke:
 *
 * ```
 *   5 │ data: {"id":"1","choices":[]}
 *   6 │
 *   7 │ data: {"id":"1","cho
 *     │        it broke here ▲
 * ```
 */
export function drawPlace(place: Place, width: number): readonly string[] {
  const { text, breakAt } = readable(place)
  const lines = splitLines(text, breakAt === text.length)
  const marked = breakAt === undefined ? -1 : lines.findLastIndex(({ at }) => at <= breakAt)
  const first = place.line ?? 0
  const numbers = [first + lines.length - 1, ...[...place.before, ...place.after].map(({ line }) => line)]
  const digits = place.line === null ? 0 : `${Math.max(...numbers)}`.length
  const room = width - digits - GUTTER_WIDTH
  const gutter = (number: number | undefined): string =>
    paint('dim', `  ${(number === undefined || place.line === null ? '' : `${number}`).padStart(digits)} │ `)
  const beside = ({ line, text: shown }: ContextLine): string =>
    `${gutter(line)}${paint('dim', keepEnds(escapeForTerminal(shown), room))}`.trimEnd()
  const from = marked === -1 ? 0 : Math.max(0, marked - LINES_BEFORE_MARK)
  const shown = lines.slice(from, from + MAX_CHUNK_LINES)
  return [
    ...(from > 0 ? [] : place.before.map(beside)),
    ...shown.flatMap(({ text: line, at }, i) => {
      const isMarked = from + i === marked && breakAt !== undefined
      // Without a mark, all of it may be what it is about.
      const isWhole = marked === -1 || isMarked
      const drawn = isWhole
        ? drawRawChunk(line, isMarked ? breakAt - at : undefined, room)
        : { lines: [keepEnds(escapeForTerminal(line), room)], mark: undefined }
      return [
        ...drawn.lines.map((one, n) => (gutter(n === 0 ? first + from + i : undefined) + one).trimEnd()),
        ...(drawn.mark === undefined ? [] : [gutter(undefined) + paint('red', drawn.mark)]),
      ]
    }),
    ...(from + shown.length < lines.length ? [gutter(undefined) + paint('dim', '…')] : place.after.map(beside)),
  ]
}

/** Columns of the gutter beside the digits. */
const GUTTER_WIDTH = displayWidth('   │ ')

/** Bytes that are no UTF-8 show as U+FFFD. */
function readable({ raw, encoding, break: place }: Place): { readonly text: string; readonly breakAt?: number } {
  if (encoding === 'utf-8') return { text: raw, ...(place === null ? {} : { breakAt: Math.min(place, raw.length) }) }
  const bytes = Buffer.from(raw, 'base64')
  const text = bytes.toString('utf8')
  return { text, ...(place === null ? {} : { breakAt: bytes.toString('utf8', 0, place).length }) }
}

/**
 * The lines, and where in the text each begins.
 *
 * @param withNext after the last line end an empty line is one more, where the next thing would have stood
 */
function splitLines(text: string, withNext: boolean): readonly { readonly text: string; readonly at: number }[] {
  let at = 0
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/).map((piece) => {
    const line = { text: piece.replace(/[\r\n]+$/, ''), at }
    at += piece.length
    return line
  })
  return withNext && /[\r\n]$/.test(text) ? [...lines, { text: '', at }] : lines
}
