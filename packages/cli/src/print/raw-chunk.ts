import { escapeForTerminal } from './escape.ts'
import { displayWidth } from './width.ts'

/**
 * Draws a raw chunk with a mark where it broke:
 *
 * ```
 * …"delta":{"content":"xxxxx
 *                           ▲ it broke here
 * ```
 *
 * @param breakAt index into the text, in UTF-16 units; without one there is no mark
 * @param width columns at hand
 */
export function drawRawChunk(text: string, breakAt: number | undefined, width: number): string[] {
  const at = breakAt === undefined ? undefined : Math.min(Math.max(0, breakAt), text.length)
  const before = escapeForTerminal(text.slice(0, at ?? text.length))
  const after = at === undefined ? '' : escapeForTerminal(text.slice(at))
  const shownBefore = keepEnd(before, at === undefined ? width : Math.max(20, Math.floor(width * 0.7)))
  const line = keepStart(shownBefore + after, width)
  if (at === undefined) return [line]
  const column = Math.min(displayWidth(shownBefore), width - 1)
  const label = 'it broke here'
  const fits = column + 2 + label.length <= width
  return [
    line,
    fits ? `${' '.repeat(column)}▲ ${label}` : `${' '.repeat(Math.max(0, column - label.length - 1))}${label} ▲`,
  ]
}

const MORE = '…'

function keepEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const characters = [...text]
  let kept = 1
  while (characters.length > 0) {
    const next = displayWidth(characters.at(-1) ?? '')
    if (kept + next > width) break
    kept += next
    characters.pop()
  }
  return MORE + text.slice(characters.join('').length)
}

function keepStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (displayWidth(kept + character) + 1 > width) break
    kept += character
  }
  return kept + MORE
}
