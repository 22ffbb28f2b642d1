/**
 * Makes a hostile text safe to print: control characters, escape sequences and characters that change the direction of the
 * text are shown as what they are, instead of doing what they do. Line ends become visible signs.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => SIGNS.get(character) ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

// oxlint-disable-next-line no-control-regex -- they are what this is about
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['\n', '⏎'],
  ['\r', '␍'],
  ['\t', '␉'],
])
