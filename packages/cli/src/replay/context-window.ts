/** Bytes that are kept, at least, to show what stands around the place where a stream broke. */
export const CONTEXT_BYTES = 65_536

/** A line of the body. */
export interface BodyLine {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
}

/** The last bytes of a body, until it is told to keep what it has; it counts the lines of all before them. */
export class ContextWindow {
  readonly #memory: Buffer = Buffer.alloc(4 * CONTEXT_BYTES)
  /** Bytes of the memory that are in use. */
  #used = 0
  /** Offset in the body of the first of them. */
  #start = 0
  /** Line ends before it. */
  #linesBefore = 0
  /** The byte before it was a carriage return, whose line feed belongs to it. */
  #afterCarriageReturn = false
  #room = Infinity

  /** Takes the next bytes of the body. */
  push(chunk: Uint8Array): void {
    const taken = chunk.subarray(0, Math.min(chunk.length, this.#room))
    this.#room -= taken.length
    for (let at = 0; at < taken.length; at += CONTEXT_BYTES) {
      const piece = taken.subarray(at, at + CONTEXT_BYTES)
      if (this.#used + piece.length > this.#memory.length) this.#drop(this.#used - CONTEXT_BYTES)
      this.#memory.set(piece, this.#used)
      this.#used += piece.length
    }
  }

  /** From now on only so many bytes are taken: what is there stays, if they are few. */
  keep(moreBytes: number): void {
    if (this.#room === Infinity) this.#room = moreBytes
  }

  /** The number of the line in which a byte stands, from 1. */
  lineAt(offset: number): number {
    const before = this.#bytes.subarray(0, Math.max(0, offset - this.#start))
    return this.#linesBefore + countLineEnds(before, this.#afterCarriageReturn) + 1
  }

  /** The last whole lines before a byte at which a line begins, as many as asked for and kept. */
  linesBefore(offset: number, count: number): readonly BodyLine[] {
    if (offset <= this.#start) return []
    const lines = splitLines(this.#bytes.subarray(0, offset - this.#start))
    // What begins before the window is no whole line.
    const whole = this.#start === 0 ? lines : lines.slice(1)
    const first = this.lineAt(offset) - whole.length
    return whole.map((bytes, i) => ({ number: first + i, bytes })).slice(-count)
  }

  /** The lines from a byte on, as many as asked for and kept. */
  linesFrom(offset: number, count: number): readonly BodyLine[] {
    if (offset < this.#start) return []
    const first = this.lineAt(offset)
    return splitLines(this.#bytes.subarray(offset - this.#start))
      .slice(0, count)
      .map((bytes, i) => ({ number: first + i, bytes }))
  }

  get #bytes(): Buffer {
    return this.#memory.subarray(0, this.#used)
  }

  #drop(count: number): void {
    const dropped = this.#memory.subarray(0, count)
    this.#linesBefore += countLineEnds(dropped, this.#afterCarriageReturn)
    this.#afterCarriageReturn = dropped.at(-1) === CARRIAGE_RETURN
    this.#memory.copyWithin(0, count, this.#used)
    this.#start += count
    this.#used -= count
  }
}

const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a

/** WHATWG §9.2.6: a line ends with CRLF, LF or CR. */
function countLineEnds(bytes: Uint8Array, afterCarriageReturn: boolean): number {
  let count = 0
  let before = afterCarriageReturn ? CARRIAGE_RETURN : 0
  for (const byte of bytes) {
    if (byte === CARRIAGE_RETURN || (byte === LINE_FEED && before !== CARRIAGE_RETURN)) count++
    before = byte
  }
  return count
}

/** The lines without their ends; what follows the last end is a line where there is something. */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let from = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED) continue
    lines.push(bytes.subarray(from, at))
    if (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED) at++
    from = at + 1
  }
  if (from < bytes.length) lines.push(bytes.subarray(from))
  return lines
}
