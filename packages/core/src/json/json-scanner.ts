import { beginNumber, continueNumber, isWholeNumber, type NumberState } from './json-number.ts'
import { Nesting } from './nesting.ts'

/** What a {@link JsonScanner} saw. All offsets are UTF-16 indices into the text that it was given. */
export interface JsonScan {
  /**
   * `complete`: exactly one JSON value, with JSON white space around it at most. `incomplete`: the beginning of one, which
   * more text could complete; empty text too. `invalid`: no text added at the end can make it JSON.
   */
  readonly state: 'complete' | 'incomplete' | 'invalid'
  /** The first offending character; the end of the text when `incomplete`; just after the value when `complete`. */
  readonly index: number
  /** True when that place is inside a string. */
  readonly inString: boolean
  /** How many brackets are open at that place. */
  readonly depth: number
  /** True when what offends follows a complete value. */
  readonly afterValue: boolean
}

/**
 * Told the tokens of JSON in order, also those before the place where it broke. Ranges are `[start, end)` and include a
 * string's quotes.
 */
export interface JsonVisitor {
  /** A name, once its colon was seen: a string that only looks like one, in a broken object, is never reported. */
  key(start: number, end: number): void
  /** A name that the end of the text cut off, perhaps just before its colon. */
  cutKey(start: number, end: number): void
  /** A string value; not `closed` when the end of the text or an offending character cut it. */
  string(start: number, end: number, closed: boolean): void
  /** A number or `true`, `false`, `null`; perhaps cut by the end of the text, never by an offending character. */
  scalar(start: number, end: number, kind: 'number' | 'literal'): void
  open(index: number, bracket: '{' | '['): void
  close(index: number): void
}

type Phase =
  | 'value'
  | 'first_element'
  | 'first_key'
  | 'key'
  | 'colon'
  | 'after_value'
  | 'done'
  | 'string'
  | 'escape'
  | 'hex'
  | 'number'
  | 'literal'
  | 'broken'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LOWER_U = 0x75

/**
 * Reads strict JSON (RFC 8259) in pieces, without recursion and without building anything, and remembers where it broke.
 * It never throws. Memory is a bit per open bracket (see `MAX_JSON_DEPTH`).
 */
export class JsonScanner {
  readonly #visitor: JsonVisitor | undefined
  readonly #nesting = new Nesting()
  #phase: Phase = 'value'
  #tokenStart = 0
  #tokenEnd = 0
  #stringIsKey = false
  #number: NumberState = 'zero'
  #literal = ''
  #hexDigitsLeft = 0
  #valueEnd = 0
  #brokenAt = -1
  #brokeInString = false
  #brokeAfterValue = false

  constructor(visitor?: JsonVisitor) {
    this.#visitor = visitor
  }

  /** Where it broke; -1 while it did not. */
  get brokenAt(): number {
    return this.#brokenAt
  }

  /** True when a whole value has been read and only white space may follow. */
  get isDone(): boolean {
    return this.#phase === 'done'
  }

  /** True inside a string, also when it broke there. */
  get inString(): boolean {
    return this.#brokenAt >= 0 ? this.#brokeInString : isStringPhase(this.#phase)
  }

  /** Where the latest token began: after a break, the earliest place that something foreign can have entered. */
  get tokenStart(): number {
    return this.#tokenStart
  }

  /** Reads `text` from `from` to before `to`, as if it followed what was read before; stops where it breaks. */
  push(text: string, from: number, to: number): void {
    let index = from
    while (index < to && this.#phase !== 'broken') index = this.#step(text, index, to)
  }

  /** Says what was read, taking `at` as the end of the text, and reports a token that this end cut off. */
  end(at: number): JsonScan {
    this.#reportCutToken(at)
    const phase = this.#phase
    const depth = this.#nesting.depth
    const afterValue = this.#brokeAfterValue
    if (phase === 'broken') {
      return { state: 'invalid', index: this.#brokenAt, inString: this.#brokeInString, depth, afterValue }
    }
    if (phase === 'done') return { state: 'complete', index: this.#valueEnd, inString: false, depth, afterValue }
    const state = phase === 'number' && depth === 0 && isWholeNumber(this.#number) ? 'complete' : 'incomplete'
    return { state, index: at, inString: isStringPhase(phase), depth, afterValue }
  }

  #step(text: string, index: number, to: number): number {
    switch (this.#phase) {
      case 'string':
        return this.#readString(text, index, to)
      case 'escape':
        return this.#readEscape(text.charCodeAt(index), index)
      case 'hex':
        if (!isHexDigit(text.charCodeAt(index))) return this.#break(index)
        if (--this.#hexDigitsLeft === 0) this.#phase = 'string'
        return index + 1
      case 'number':
        return this.#readNumber(text.charCodeAt(index), index)
      case 'literal':
        return this.#readLiteral(text.charCodeAt(index), index)
      default:
        return this.#readBetweenTokens(text.charCodeAt(index), index)
    }
  }

  #readString(text: string, from: number, to: number): number {
    for (let index = from; index < to; index++) {
      const code = text.charCodeAt(index)
      if (code === QUOTE) return this.#endString(index + 1)
      if (code === BACKSLASH) {
        this.#phase = 'escape'
        return index + 1
      }
      // RFC 8259 section 7: "characters that MUST be escaped: quotation mark, reverse solidus, and the control characters
      // (U+0000 through U+001F)".
      if (code < 0x20) return this.#break(index)
    }
    return to
  }

  #endString(end: number): number {
    if (this.#stringIsKey) {
      this.#tokenEnd = end
      this.#phase = 'colon'
    } else {
      this.#visitor?.string(this.#tokenStart, end, true)
      this.#endValue(end)
    }
    return end
  }

  #readEscape(code: number, index: number): number {
    if (code === LOWER_U) {
      this.#phase = 'hex'
      this.#hexDigitsLeft = 4
    } else if (isEscapeLetter(code)) {
      this.#phase = 'string'
    } else {
      return this.#break(index)
    }
    return index + 1
  }

  #readNumber(code: number, index: number): number {
    const next = continueNumber(this.#number, code)
    if (next !== undefined) {
      this.#number = next
      return index + 1
    }
    if (!isWholeNumber(this.#number)) return this.#break(index)
    this.#visitor?.scalar(this.#tokenStart, index, 'number')
    this.#endValue(index)
    return index
  }

  #readLiteral(code: number, index: number): number {
    if (this.#literal.charCodeAt(index - this.#tokenStart) !== code) return this.#break(index)
    if (index - this.#tokenStart === this.#literal.length - 1) {
      this.#visitor?.scalar(this.#tokenStart, index + 1, 'literal')
      this.#endValue(index + 1)
    }
    return index + 1
  }

  #readBetweenTokens(code: number, index: number): number {
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) return index + 1
    switch (this.#phase) {
      case 'first_key':
        if (code === CLOSE_OBJECT) return this.#close(index)
        return code === QUOTE ? this.#beginString(index, true) : this.#break(index)
      case 'key':
        return code === QUOTE ? this.#beginString(index, true) : this.#break(index)
      case 'colon':
        if (code !== COLON) return this.#break(index)
        this.#visitor?.key(this.#tokenStart, this.#tokenEnd)
        this.#phase = 'value'
        return index + 1
      case 'after_value':
        return this.#readAfterValue(code, index)
      case 'first_element':
        return code === CLOSE_ARRAY ? this.#close(index) : this.#beginValue(code, index)
      case 'value':
        return this.#beginValue(code, index)
      default:
        return this.#break(index)
    }
  }

  #readAfterValue(code: number, index: number): number {
    const inObject = this.#nesting.inObject
    if (code === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#close(index)
    if (code !== COMMA) return this.#break(index)
    this.#phase = inObject ? 'key' : 'value'
    return index + 1
  }

  #beginValue(code: number, index: number): number {
    if (code === QUOTE) return this.#beginString(index, false)
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) return this.#open(code === OPEN_OBJECT, index)
    const number = beginNumber(code)
    const literal = literalBeginning(code)
    if (number === undefined && literal === undefined) return this.#break(index)
    this.#phase = number === undefined ? 'literal' : 'number'
    this.#number = number ?? 'zero'
    this.#literal = literal ?? ''
    this.#tokenStart = index
    return index + 1
  }

  #beginString(index: number, isKey: boolean): number {
    this.#tokenStart = index
    this.#stringIsKey = isKey
    this.#phase = 'string'
    return index + 1
  }

  #open(isObject: boolean, index: number): number {
    if (!this.#nesting.open(isObject)) return this.#break(index)
    this.#tokenStart = index
    this.#visitor?.open(index, isObject ? '{' : '[')
    this.#phase = isObject ? 'first_key' : 'first_element'
    return index + 1
  }

  #close(index: number): number {
    this.#nesting.close()
    this.#visitor?.close(index)
    this.#endValue(index + 1)
    return index + 1
  }

  #endValue(end: number): void {
    this.#valueEnd = end
    this.#phase = this.#nesting.depth === 0 ? 'done' : 'after_value'
  }

  #break(index: number): number {
    this.#brokenAt = index
    this.#brokeInString = isStringPhase(this.#phase)
    this.#brokeAfterValue = this.#phase === 'done'
    if (this.#brokeInString && !this.#stringIsKey) this.#visitor?.string(this.#tokenStart, index, false)
    this.#phase = 'broken'
    return index
  }

  #reportCutToken(at: number): void {
    const visitor = this.#visitor
    if (visitor === undefined) return
    const phase = this.#phase
    if (phase === 'colon') visitor.cutKey(this.#tokenStart, this.#tokenEnd)
    else if (phase === 'number' || phase === 'literal') visitor.scalar(this.#tokenStart, at, phase)
    else if (isStringPhase(phase) && this.#stringIsKey) visitor.cutKey(this.#tokenStart, at)
    else if (isStringPhase(phase)) visitor.string(this.#tokenStart, at, false)
  }
}

function isStringPhase(phase: Phase): boolean {
  return phase === 'string' || phase === 'escape' || phase === 'hex'
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

function isEscapeLetter(code: number): boolean {
  return '"\\/bfnrt'.includes(String.fromCharCode(code))
}

function literalBeginning(code: number): 'true' | 'false' | 'null' | undefined {
  if (code === 0x74) return 'true'
  if (code === 0x66) return 'false'
  return code === 0x6e ? 'null' : undefined
}
