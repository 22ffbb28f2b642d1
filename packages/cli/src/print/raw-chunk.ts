import { escapeForTerminal } from './escape.ts'
import { displayWidth, keepEnd, keepStart, takeStart } from './width.ts'

/** A chunk as it is drawn. */
export interface DrawnChunk {
  readonly lines: readonly string[]
  /** What stands under the last line: absent where nobody knows the place. */
  readonly mark?: string
}

/**
 * Draws a raw chunk with a mark where it broke:
 *
 * ```
 * …"delta":{"content":"xxxxx
 *            it broke here ▲
 * ```
 *
 * @param breakAt index into the text, in UTF-16 units; without one there is no mark, and the chunk's beginning is drawn
 * @param width columns at hand
 */
export function drawRawChunk(text: string, breakAt: number | undefined, width: number): DrawnChunk {
  if (breakAt === undefined) return { lines: fold(escapeForTerminal(text), width, MAX_LINES) }
  const at = Math.min(Math.max(0, breakAt), text.length)
  const after = escapeForTerminal(text.slice(at))
  // What led to the break tells more than what follows it. The mark needs a column behind the last character.
  const room = after === '' ? width - 1 : Math.floor(width * 0.7)
  const before = keepEnd(escapeForTerminal(text.slice(0, at)), room)
  const column = displayWidth(before)
  const mark =
    column + MARK.length + LABEL.length < width
      ? `${' '.repeat(column)}${MARK} ${LABEL}`
      : `${' '.repeat(Math.max(0, column - LABEL.length - 1))}${LABEL} ${MARK}`
  return { lines: [keepStart(before + after, width)], mark }
}

/** Lines of a chunk without a mark: an error page or an error object says what it is in its first lines. */
const MAX_LINES = 3

function fold(text: string, width: number, maxLines: number): readonly string[] {
  if (maxLines === 1 || displayWidth(text) <= width) return [keepStart(text, width)]
  const line = takeStart(text, width)
  return [line, ...fold(text.slice(line.length), width, maxLines - 1)]
}

const MARK = '▲'
const LABEL = 'it broke here'
