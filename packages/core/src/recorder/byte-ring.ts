/**
 * Keeps the last bytes of what it is given, as long as they are needed, addressed by their absolute offset in a body.
 *
 * Holds at most `maxBytes`. The memory grows by doubling with what is needed, so that little of it costs little.
 */
export class ByteRing {
  /** Offset of the byte that comes next. */
  end = 0
  readonly #maxBytes: number
  #memory: Uint8Array = EMPTY
  /** Offset of the first byte that is needed. */
  #start = 0
  /** Offset of the byte that stands, or stood, at the beginning of the memory. */
  #origin = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Offset of the oldest byte still held. */
  get start(): number {
    return Math.max(this.#start, this.end - this.#maxBytes)
  }

  /** Bytes of memory in use; never above `maxBytes`. */
  get allocated(): number {
    return this.#memory.length
  }

  /** Forgets what comes before an offset. */
  release(neededFrom: number): void {
    if (neededFrom > this.#start) this.#start = Math.min(neededFrom, this.end)
  }

  /**
   * Takes the next bytes.
   *
   * @param neededFrom offset of the first byte that is still needed, of these or of earlier ones
   */
  push(chunk: Uint8Array, neededFrom: number): void {
    this.release(neededFrom)
    const { end } = this
    this.end = end + chunk.length
    // Nothing is needed of what was there: so it may begin at the beginning again.
    if (this.#start === end) this.#origin = this.#start = Math.max(end, Math.min(neededFrom, this.end))
    const kept = this.start
    if (kept === this.end) return
    if (this.end - kept > this.#memory.length) this.#grow(kept, end)
    const from = Math.max(kept, end)
    this.#write(from === end ? chunk : chunk.subarray(from - end), from)
  }

  /** Copies the bytes from `from` up to `to`, all of which are held, to the beginning of `target`. */
  copyTo(target: Uint8Array, from: number, to: number): void {
    const size = this.#memory.length
    const at = (from - this.#origin) % size
    const first = Math.min(size - at, to - from)
    target.set(this.#memory.subarray(at, at + first))
    if (first < to - from) target.set(this.#memory.subarray(0, to - from - first), first)
  }

  #write(bytes: Uint8Array, offset: number): void {
    const size = this.#memory.length
    const at = (offset - this.#origin) % size
    const room = size - at
    if (bytes.length <= room) this.#memory.set(bytes, at)
    else {
      this.#memory.set(bytes.subarray(0, room), at)
      this.#memory.set(bytes.subarray(room), 0)
    }
  }

  /** Makes room for all that is needed, of which what stands before `end` is here. */
  #grow(from: number, end: number): void {
    let size = Math.max(FIRST_BYTES, this.#memory.length)
    while (size < this.end - from) size *= 2
    const grown = new Uint8Array(Math.min(size, this.#maxBytes))
    if (from < end) this.copyTo(grown, from, end)
    this.#memory = grown
    this.#origin = from
  }
}

const EMPTY = new Uint8Array(0)
const FIRST_BYTES = 512
