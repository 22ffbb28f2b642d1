import { JsonScanner } from '../json/json-scanner.ts'
import { type JsonPlace, ReadableJson, type TextRange } from './readable-json.ts'
import { type Field, fieldOf, framesOf, type Line } from './stream-lines.ts'
import { COMMENT_WORDS, EVENT_WORDS } from './wire-vocabulary.ts'

/**
 * What is known of the place where a chunk begins: `body`, the first byte of the body; `line`, the first of a line after
 * a healthy frame; `unknown`, anywhere, perhaps in the middle of a string.
 */
export type ChunkStart = 'body' | 'line' | 'unknown'

const TAG = /^[ \t]*<(?:!doctype|html|head|body|title|center|pre|h1|div|\?xml|!--)/i
const LINE_IDENTIFIER = /^[\w.:/-]{1,64}\s*$/
const HIDDEN_EVENT = /data:[ \t]{0,4}(?=\{[ \t]{0,4}")/
const JSON_BEGINS = /^[ \t]*[[{]/

/**
 * Finds what may be read in a piece of an event stream, in ascending order. All the rest is masked.
 *
 * It only says yes to what the structure proves. The proof is a quote without a backslash: inside a JSON string there is
 * none, so `data: {"` begins an event wherever it stands, and from there a strict scanner tells names from values until
 * the first character that offends. After that, until the next such beginning, nothing is known. What has no quotes (an
 * HTML page, the name of an unknown event, plain text in an `error` event) shows only where the place is trusted: at a
 * known start, and after a frame whose JSON was whole. A raw line break in the middle of a string thus unmasks nothing.
 */
export function readableRanges(text: string, start: ChunkStart): readonly TextRange[] {
  const finder = new ReadableFinder(text, start !== 'unknown')
  for (const frame of framesOf(text)) finder.frame(frame)
  return finder.ranges.toSorted(([one], [other]) => one - other)
}

interface OpenJson {
  readonly scanner: JsonScanner
  readonly readable: ReadableJson
  readonly place: JsonPlace
  /** The line that was read last, whose line break belongs to the JSON if more follows. */
  line: Line
}

class ReadableFinder {
  readonly ranges: TextRange[] = []
  readonly #text: string
  #trusted: boolean
  #json: OpenJson | undefined
  #isHtmlPage = false
  #isHtmlEvent = false
  #isErrorEvent = false

  constructor(text: string, trusted: boolean) {
    this.#text = text
    this.#trusted = trusted
  }

  frame(lines: readonly Line[]): void {
    this.#isHtmlEvent = false
    const fields = lines.map((line) => fieldOf(this.#text, line))
    // The name of an event may follow its data.
    this.#isErrorEvent = fields.some((field, at) => field?.name === 'event' && this.#isErrorName(field, lines[at]))
    for (const [at, line] of lines.entries()) {
      const field = fields[at]
      if (field === undefined) this.#readOther(line, at === 0)
      else this.#readField(field, line)
    }
    this.#closeJson()
  }

  #isErrorName(field: Field, line: Line | undefined): boolean {
    return this.#text.slice(field.valueStart, line?.end).trim() === 'error'
  }

  #readField({ name, valueStart }: Field, line: Line): void {
    if (name === 'comment') {
      this.#readComment(valueStart, line.end)
      return
    }
    this.#reveal(line.start, valueStart)
    if (name === 'data' || name === 'error') {
      this.#isHtmlPage = false
      this.#readData(valueStart, line, name === 'error')
    } else if (this.#mayShow(name, this.#text.slice(valueStart, line.end))) {
      this.#reveal(valueStart, line.end)
    }
  }

  #mayShow(name: 'event' | 'id' | 'retry', value: string): boolean {
    if (name === 'retry') return /^\d{0,16}\s*$/.test(value)
    if (name === 'event' && isKnownEvent(value)) return true
    // After JSON that ends in the middle of a string, this line may be the rest of that string.
    const isOnFirmGround = this.#trusted && (this.#json?.scanner.isDone ?? true)
    return isOnFirmGround && LINE_IDENTIFIER.test(value)
  }

  #readComment(from: number, to: number): void {
    for (const match of this.#text.slice(from, to).matchAll(/[A-Za-z]+/g)) {
      const start = from + match.index
      if (COMMENT_WORDS.has(match[0].toLowerCase())) this.#reveal(start, start + match[0].length)
    }
  }

  #readData(from: number, line: Line, isErrorField: boolean): void {
    const open = this.#json
    if (open !== undefined && this.#continues(open)) {
      this.#readJson(open, from, line)
      return
    }
    this.#closeJson()
    const value = this.#text.slice(from, line.end)
    const place = isErrorField || this.#isErrorEvent ? 'error_event' : 'data'
    if (this.#trusted && (this.#isHtmlEvent || TAG.test(value))) this.#isHtmlEvent = true
    const isPlainError = this.#trusted && this.#isErrorEvent && !value.includes('":')
    if (isTerminator(value, line.end === this.#text.length) || this.#isHtmlEvent) this.#reveal(from, line.end)
    else if (JSON_BEGINS.test(value)) this.#readJson(this.#openJson(place, line), from, line)
    else if (isPlainError) this.#reveal(from, line.end)
    else this.#readHidden(from, line)
  }

  /** A line that is no field: JSON or HTML where an event stream should be, or what a raw line break left behind. */
  #readOther(line: Line, isFirstOfFrame: boolean): void {
    const open = this.#json
    const isBody = open?.place === 'body'
    if (isBody && this.#continues(open)) {
      this.#readJson(open, line.start, line)
      return
    }
    const content = this.#text.slice(line.start, line.end)
    const mayBegin = this.#trusted && (isFirstOfFrame || isBody)
    this.#isHtmlPage ||= mayBegin && TAG.test(content)
    if (this.#isHtmlPage || (line.end === this.#text.length && isCutFieldName(content))) {
      this.#reveal(line.start, line.end)
    } else if (mayBegin && JSON_BEGINS.test(content)) {
      this.#closeJson()
      this.#readJson(this.#openJson('body', line), line.start, line)
    } else {
      this.#readHidden(line.start, line)
    }
  }

  /** Reads the line break after the open JSON's last line: false when the JSON was whole before it, or breaks at it. */
  #continues(open: OpenJson): boolean {
    if (open.scanner.isDone) return false
    open.scanner.push(this.#text, open.line.end, open.line.next)
    return open.scanner.brokenAt < 0
  }

  #openJson(place: JsonPlace, line: Line): OpenJson {
    const readable = new ReadableJson(this.#text, place)
    this.#json = { scanner: new JsonScanner(readable), readable, place, line }
    return this.#json
  }

  #readHidden(from: number, line: Line): void {
    const start = this.#hiddenEventAt(from, line)
    if (start < 0) return
    this.#closeJson()
    this.#readJson(this.#openJson('data', line), start, line)
  }

  #readJson(open: OpenJson, from: number, line: Line): void {
    let start = this.#push(open, from, line)
    while (start >= 0) start = this.#push(this.#openJson('data', line), start, line)
  }

  /** Reads JSON to the end of the line; where it breaks before, returns where the next begins in this line, or -1. */
  #push(open: OpenJson, from: number, line: Line): number {
    const { scanner } = open
    open.line = line
    scanner.push(this.#text, from, line.end)
    const { brokenAt, tokenStart } = scanner
    if (brokenAt < 0) return -1
    this.#closeJson()
    const isSecondValue = scanner.end(line.end).afterValue && this.#text[brokenAt] === '{'
    return isSecondValue ? brokenAt : this.#hiddenEventAt(Math.max(from, tokenStart), line)
  }

  #hiddenEventAt(from: number, line: Line): number {
    const match = HIDDEN_EVENT.exec(this.#text.slice(from, line.end))
    if (match === null) return -1
    const start = from + match.index
    this.#reveal(start, start + match[0].length)
    return start + match[0].length
  }

  #closeJson(): void {
    const open = this.#json
    if (open === undefined) return
    this.#json = undefined
    const isWhole = open.scanner.end(open.line.end).state === 'complete'
    for (const [start, end] of open.readable.ranges(isWhole)) this.#reveal(start, end)
    this.#trusted = isWhole && open.readable.hasName
  }

  #reveal(start: number, end: number): void {
    this.ranges.push([start, end])
  }
}

/** `[DONE]`, or at the end of the text the beginning of it. */
function isTerminator(value: string, isCut: boolean): boolean {
  const word = value.trim()
  return word === '[DONE]' || (isCut && word !== '' && '[DONE]'.startsWith(word))
}

function isCutFieldName(content: string): boolean {
  return content !== '' && ['data', 'event'].some((name) => name.startsWith(content))
}

function isKnownEvent(value: string): boolean {
  return value
    .trim()
    .split(/[._]/)
    .every((word) => EVENT_WORDS.has(word))
}
