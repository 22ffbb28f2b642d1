/** How much room characters take. The text of UTF-8 takes 1 to 4 bytes a character, a text of bytes 1 each. */
export interface Measure {
  /** Bytes that `text` takes from one index to before another. */
  readonly size: (text: string, from: number, to: number) => number
  /** How far from `from` one can go without exceeding `maxBytes` or splitting a character. */
  readonly forward: (text: string, from: number, maxBytes: number) => number
  /** How far back from `to` one can go without exceeding `maxBytes` or splitting a character. */
  readonly backward: (text: string, to: number, maxBytes: number) => number
}

/** For text that will be UTF-8. */
export const UTF8: Measure = {
  size(text, from, to) {
    let size = 0
    for (let index = from; index < to; index++) size += unitSize(text.charCodeAt(index))
    return size
  },
  forward(text, from, maxBytes) {
    let index = from
    for (let left = maxBytes; index < text.length; index++) {
      left -= unitSize(text.charCodeAt(index))
      if (left < 0) break
    }
    return splitsPair(text, index) ? index - 1 : index
  },
  backward(text, to, maxBytes) {
    let index = to
    for (let left = maxBytes; index > 0; index--) {
      left -= unitSize(text.charCodeAt(index - 1))
      if (left < 0) break
    }
    return splitsPair(text, index) ? index + 1 : index
  },
}

/** For a string that holds one byte in each character. */
export const BYTES: Measure = {
  size: (_text, from, to) => to - from,
  forward: (text, from, maxBytes) => Math.min(text.length, from + Math.max(0, maxBytes)),
  backward: (_text, to, maxBytes) => Math.max(0, to - Math.max(0, maxBytes)),
}

/** The two halves of a surrogate pair count 2 each. Decoded text has no lone ones. */
function unitSize(code: number): number {
  if (code < 0x80) return 1
  return code < 0x800 || isSurrogate(code) ? 2 : 3
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

function splitsPair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1)
  const after = text.charCodeAt(index)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000
}
