/**
 * Finds the borders of server-sent events in bytes, in any fragmentation, without decoding them.
 *
 * It follows the WHATWG event stream rules and keeps absolute byte offsets. What a frame's data *says* is left to whoever
 * decodes it; the one value read here is `[DONE]`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class FrameReader {
  /** Bytes seen so far. */
  bytes = 0
  /** Frames that dispatch an event, `[DONE]` not among them. */
  events = 0
  /** The body began with a byte order mark. */
  sawByteOrderMark = false
  /** Number of events before the first `[DONE]`; -1 while there was none. */
  doneAtEvent = -1
  /** Index of the first event whose `event:` field is `error`; -1 while there was none. */
  errorEventIndex = -1
  /** Byte offset at which the frame in progress began: the position after the last blank line. */
  frameStart = 0
  /** Byte range of the last event; empty while there was none. */
  lastEventStart = 0
  lastEventEnd = 0
  /** Byte range of the last `[DONE]`; empty while there was none. */
  doneStart = 0
  doneEnd = 0

  readonly #onFrame: FrameListener | undefined
  #afterCarriageReturn = false
  #lineLength = 0
  #lineHead: Uint8Array = NO_BYTES
  #dataLines = 0
  #dataBytes = 0
  #dataIsDone = false
  #eventName = NO_NAME

  readonly #indexOf: IndexOfByte

  /**
   * @param onFrame called for each dispatched frame but `[DONE]`, with its index and its byte range
   * @param indexOf finds a byte, where the platform can do so faster than the language
   * @param from byte offset of the first byte that it gets: only what begins a body may be a byte order mark
   */
  constructor(onFrame?: FrameListener, indexOf: IndexOfByte = indexOfByte, from: number = 0) {
    this.#onFrame = onFrame
    this.#indexOf = indexOf
    this.bytes = from
    this.frameStart = from
  }

  /**
   * Takes the next bytes of the body.
   *
   * @param hasNoCarriageReturn somebody has looked already
   */
  push(chunk: Uint8Array, hasNoCarriageReturn: boolean = false): void {
    let start = 0
    if (this.bytes < 3 && this.#lineLength < 3) start = this.#skipByteOrderMark(chunk)
    const base = this.bytes
    // One native search tells the common case: a read without a carriage return has only line feeds to look for.
    const mixed = this.#afterCarriageReturn || !(hasNoCarriageReturn || this.#indexOf(chunk, CR, 0) === -1)
    if (mixed) this.#pushMixed(chunk, start, base)
    else this.#pushLineFeeds(chunk, start, base)
    this.bytes = base + chunk.length
  }

  /** Events that count: those before the first `[DONE]`, or all of them. */
  get eventsBeforeDone(): number {
    return this.doneAtEvent === -1 ? this.events : this.doneAtEvent
  }

  /** Whether the frame in progress holds anything that a blank line would dispatch or that may be a field cut short. */
  get hasOpenFrame(): boolean {
    return this.#dataLines > 0 || this.#eventName !== NO_NAME || this.#openLineIsField()
  }

  #pushLineFeeds(chunk: Uint8Array, from: number, base: number): void {
    let start = from
    while (start < chunk.length) {
      const end = this.#indexOf(chunk, LF, start)
      if (end === -1) return this.#keepOpenLine(chunk, start)
      this.#endLine(chunk, start, end, base + end + 1)
      start = end + 1
      // A blank line is seen without a search.
      while (chunk[start] === LF) {
        start++
        this.#dispatch(base + start)
      }
    }
  }

  #pushMixed(chunk: Uint8Array, from: number, base: number): void {
    let start = from
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i]
      if (byte === LF && this.#afterCarriageReturn) {
        // "A U+000D CARRIAGE RETURN character followed by a U+000A LINE FEED" is one line end, also across two reads.
        this.#afterCarriageReturn = false
        start = i + 1
        if (this.frameStart === base + i) this.frameStart = base + i + 1
        continue
      }
      this.#afterCarriageReturn = byte === CR
      if (byte !== LF && byte !== CR) continue
      this.#endLine(chunk, start, i, base + i + 1)
      start = i + 1
    }
    this.#keepOpenLine(chunk, start)
  }

  /** "The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark, if any": it may come in three reads. */
  #skipByteOrderMark(chunk: Uint8Array): number {
    let matched = this.bytes
    if (this.#lineLength !== matched) return 0
    for (let i = 0; i < matched; i++) if (this.#lineHead[i] !== BYTE_ORDER_MARK[i]) return 0
    let taken = 0
    while (matched < 3 && taken < chunk.length && chunk[taken] === BYTE_ORDER_MARK[matched]) {
      matched++
      taken++
    }
    if (matched < 3) return 0
    this.sawByteOrderMark = true
    this.#lineLength = 0
    this.frameStart = 3
    return taken
  }

  #keepOpenLine(chunk: Uint8Array, start: number): void {
    // Most streams come in whole lines.
    if (this.#lineHead.length === 0) this.#lineHead = new Uint8Array(LINE_HEAD_BYTES)
    for (let i = start; i < chunk.length && this.#lineLength + i - start < LINE_HEAD_BYTES; i++) {
      this.#lineHead[this.#lineLength + i - start] = chunk[i] ?? 0
    }
    this.#lineLength += chunk.length - start
  }

  #endLine(chunk: Uint8Array, start: number, end: number, next: number): void {
    if (this.#lineLength === 0) {
      if (end === start) this.#dispatch(next)
      else this.#takeLine(chunk, start, end - start)
      return
    }
    this.#keepOpenLine(chunk.subarray(start, end), 0)
    const length = this.#lineLength
    this.#lineLength = 0
    this.#takeLine(this.#lineHead, 0, length)
  }

  /** `line` holds the first `LINE_HEAD_BYTES` bytes at least: enough to know the field, and `[DONE]`. */
  #takeLine(line: Uint8Array, start: number, length: number): void {
    const first = line[start]
    // "If the line starts with a U+003A COLON character (:), ignore the line." Its first byte is that of no field here.
    if (first === LOWER_D && isField(line, start, length, DATA)) {
      const value = valueStart(line, start, length, DATA.length)
      this.#dataIsDone ||= this.#dataLines === 0 && isDone(line, start + value, length - value)
      this.#dataLines++
      this.#dataBytes += length - value
    } else if (first === LOWER_E && isField(line, start, length, EVENT)) {
      const value = valueStart(line, start, length, EVENT.length)
      this.#eventName =
        value === length ? NO_NAME : isError(line, start + value, length - value) ? ERROR_NAME : SOME_NAME
    }
    // "Otherwise: the field is ignored." So are `id` and `retry`, which change nothing for a stream read once.
  }

  /** "If the line is empty (a blank line), dispatch the event." A frame without data dispatches nothing by the standard,
   * but the SDKs of OpenAI hand its empty data to `JSON.parse`, so it is an event here, and an empty one. */
  #dispatch(next: number): void {
    const start = this.frameStart
    this.frameStart = next
    if (this.#dataLines === 0 && this.#eventName === NO_NAME) return
    const isDoneFrame = this.#dataIsDone
    const isErrorEvent = this.#eventName === ERROR_NAME
    const isEmpty = this.#dataBytes === 0
    this.#dataLines = 0
    this.#dataBytes = 0
    this.#dataIsDone = false
    this.#eventName = NO_NAME
    if (isDoneFrame) {
      this.doneStart = start
      this.doneEnd = next
      if (this.doneAtEvent === -1) this.doneAtEvent = this.events
      return
    }
    if (isErrorEvent && this.errorEventIndex === -1) this.errorEventIndex = this.events
    const index = this.events++
    this.lastEventStart = start
    this.lastEventEnd = next
    this.#onFrame?.(index, start, next, isEmpty)
  }

  #openLineIsField(): boolean {
    const length = Math.min(this.#lineLength, LINE_HEAD_BYTES)
    return length > 0 && (startsAlike(this.#lineHead, length, DATA) || startsAlike(this.#lineHead, length, EVENT))
  }
}

/** Told of each frame: its index among the events, its byte range in the body, and whether it has no data. */
export type FrameListener = (index: number, start: number, end: number, isEmpty: boolean) => void

/** @see NativeBytes.indexOf */
type IndexOfByte = (bytes: Uint8Array, byte: number, from: number) => number

const indexOfByte: IndexOfByte = (bytes, byte, from) => bytes.indexOf(byte, from)

const NO_BYTES = new Uint8Array(0)

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const SPACE = 0x20
const LOWER_D = 0x64
const LOWER_E = 0x65
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]
const DATA: readonly number[] = [0x64, 0x61, 0x74, 0x61]
const EVENT: readonly number[] = [0x65, 0x76, 0x65, 0x6e, 0x74]
const DONE: readonly number[] = [0x5b, 0x44, 0x4f, 0x4e, 0x45, 0x5d]
const ERROR: readonly number[] = [0x65, 0x72, 0x72, 0x6f, 0x72]

/** Longest beginning of a line that decides anything: `event: error` and `data: [DONE]`, with room for white space. */
const LINE_HEAD_BYTES = 16

const NO_NAME = 0
const SOME_NAME = 1
const ERROR_NAME = 2

function isField(line: Uint8Array, start: number, length: number, name: readonly number[]): boolean {
  if (length < name.length) return false
  for (let i = 1; i < name.length; i++) if (line[start + i] !== name[i]) return false
  // "Otherwise, the string is not empty but does not contain a colon: the whole line is the field name."
  return length === name.length || line[start + name.length] === COLON
}

/** "If value starts with a U+0020 SPACE character, remove it from value." */
function valueStart(line: Uint8Array, start: number, length: number, nameLength: number): number {
  if (length === nameLength) return length
  return length > nameLength + 1 && line[start + nameLength + 1] === SPACE ? nameLength + 2 : nameLength + 1
}

/** Data that begins with `[DONE]` is one for openai 4 to 6, whatever follows it. openai 7 fails on more, and is seen to. */
function isDone(line: Uint8Array, start: number, length: number): boolean {
  return length >= DONE.length && matches(line, start, DONE)
}

function isError(line: Uint8Array, start: number, length: number): boolean {
  return length === ERROR.length && matches(line, start, ERROR)
}

function matches(line: Uint8Array, start: number, expected: readonly number[]): boolean {
  for (let i = 0; i < expected.length; i++) if (line[start + i] !== expected[i]) return false
  return true
}

/** Whether a line cut short may be, or is, the given field. */
function startsAlike(line: Uint8Array, length: number, name: readonly number[]): boolean {
  for (let i = 0; i < Math.min(length, name.length); i++) if (line[i] !== name[i]) return false
  return length <= name.length || line[name.length] === COLON
}
