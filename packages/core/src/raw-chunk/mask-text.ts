const BACKSLASH = 0x5c
const LOWER_U = 0x75
const BYTE_ORDER_MARK = 0xfeff
const REPLACEMENT_CHARACTER = 0xfffd
const ESCAPED_X = String.raw`\u0078`
const DIGIT = /^\p{Nd}$/u
const PUNCTUATION = /^[\p{P}\p{Z}]$/u

/**
 * Masks text of which nothing is known, as if it were the inside of a JSON string. Every character keeps its place:
 *
 * - an ASCII letter becomes `x`, a digit `0`, also digits of other scripts; ASCII punctuation, spaces and control
 *   characters stay;
 * - of the rest, punctuation and spaces stay, and everything else (letters, marks, symbols, emoji, joiners) becomes `x`
 *   for each UTF-16 unit, so a surrogate pair becomes `xx`;
 * - an escape such as `\n` or `\"` stays; `\u4f60` spells a letter, and becomes `\u0078`, an `x`;
 * - U+FFFD stays, for it shows where bytes were broken; so does a byte order mark.
 */
export function maskText(text: string, from: number, to: number): string {
  let masked = ''
  let index = from
  while (index < to) {
    const code = text.charCodeAt(index)
    if (code !== BACKSLASH) {
      masked += maskUnit(code)
      index++
      continue
    }
    const escape = maskEscape(text, index, to)
    masked += escape
    index += escape.length
  }
  return masked
}

/** The escape at a backslash, masked; only the backslash when none follows that JSON knows. */
function maskEscape(text: string, index: number, to: number): string {
  if (index + 1 >= to) return '\\'
  const code = text.charCodeAt(index + 1)
  if (code === LOWER_U) {
    const hex = index + 6 <= to && /^[0-9a-fA-F]{4}$/.test(text.slice(index + 2, index + 6))
    return hex ? ESCAPED_X : '\\'
  }
  const character = String.fromCharCode(code)
  return '"\\/bfnrt'.includes(character) ? `\\${character}` : '\\'
}

function maskUnit(code: number): string {
  if (code < 0x80) {
    if (code >= 0x30 && code <= 0x39) return '0'
    const letter = code | 0x20
    return letter >= 0x61 && letter <= 0x7a ? 'x' : String.fromCharCode(code)
  }
  const unit = String.fromCharCode(code)
  if (code === REPLACEMENT_CHARACTER || code === BYTE_ORDER_MARK) return unit
  if (DIGIT.test(unit)) return '0'
  return PUNCTUATION.test(unit) ? unit : 'x'
}
