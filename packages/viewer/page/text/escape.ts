/** Control and format characters (changes of direction, escape sequences), line separators, halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Signs that every font has: those of Unicode for CR and TAB are boxes on many machines. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['\n', '⏎'],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
])

/** A piece of a text: as it is, or a sign that stands for what must not take effect. */
export interface TextPiece {
  readonly text: string
  readonly isSign: boolean
}

/** A hostile text in pieces: what would turn the direction or hide itself is shown as what it is. */
export function escapePieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const { 0: character, index } of text.matchAll(UNSAFE)) {
    if (index > end) pieces.push({ text: text.slice(end, index), isSign: false })
    pieces.push({ text: signOf(character), isSign: true })
    end = index + character.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isSign: false })
  return pieces
}

/** The same as one text. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, signOf)
}

function signOf(character: string): string {
  return SIGNS.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** Longest text in one place of the page, in UTF-16 units. */
export const MAX_SHOWN_LENGTH = 2000

/** A text as long as it is shown. */
export function capText(text: string, max = MAX_SHOWN_LENGTH): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length - max} more)`
}
