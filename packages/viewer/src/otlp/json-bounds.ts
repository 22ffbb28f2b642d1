import { MalformedOtlp, MAX_VALUES, OversizedOtlp } from './fields.ts'

/** Deepest nesting of brackets. An attribute of the deepest kind that we keep needs 142. */
const MAX_JSON_DEPTH = 200

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
/** The brackets by their bytes: `[`, `{` open and `]`, `}` close; they differ in one bit. */
const OPEN = 0x5b
const CLOSE = 0x5d
const BRACE_BIT = 0x20

/**
 * Looks over a text in JSON before it is parsed. Only commas and brackets outside of strings are looked at: whether it *is*
 * JSON shows when it is parsed.
 *
 * @throws OversizedOtlp for too many values; MalformedOtlp for too deep a nesting.
 */
export function assertJsonBounds(json: Uint8Array): void {
  let values = 1
  let depth = 0
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]
    if (byte === QUOTE) index = endOfString(json, index + 1)
    else if (byte === COMMA) values += 1
    else if (byte === OPEN || byte === (OPEN | BRACE_BIT)) {
      values += 1
      depth += 1
    } else if (byte === CLOSE || byte === (CLOSE | BRACE_BIT)) depth -= 1
    if (depth > MAX_JSON_DEPTH) throw new MalformedOtlp(`it is nested deeper than ${MAX_JSON_DEPTH} brackets.`)
    if (values > MAX_VALUES) throw new OversizedOtlp(`The body has more than ${MAX_VALUES} values`)
  }
}

/** @returns the index of the closing quote, or the end of a text that has none */
function endOfString(json: Uint8Array, start: number): number {
  let index = start
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1
  return index
}
