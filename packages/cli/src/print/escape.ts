/**
 * Makes a hostile text safe to print: control characters, escape sequences and characters that change the direction of the
 * text are shown as what they are, instead of doing what they do. Line ends become visible signs.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => SIGNS.get(character) ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** Control and format characters (escape sequences, changes of direction), line separators, halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['\n', '⏎'],
  ['\r', '␍'],
  ['\t', '␉'],
])
