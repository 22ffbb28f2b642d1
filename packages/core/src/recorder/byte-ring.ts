/**
 * Keeps the last bytes of what it is given, addressed by their absolute offset in a body.
 *
 * Holds at most `maxBytes`. The memory grows by doubling with what it holds, so that little of it costs little.
 */
export class ByteRing {
  /** Offset of the byte that comes next. */
  end = 0
  readonly #maxBytes: number
  #memory: Uint8Array = EMPTY
  /** Offset of the byte that stands, or stood, at the beginning of the memory. */
  #origin = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Offset of the oldest byte still held. */
  get start(): number {
    return Math.max(this.#origin, this.end - this.#maxBytes)
  }

  /** Bytes of memory in use; never above `maxBytes`. */
  get allocated(): number {
    return this.#memory.length
  }

  /** Forgets what it holds, and goes on at another offset. The memory stays. */
  restart(offset: number): void {
    this.#origin = offset
    this.end = offset
  }

  push(chunk: Uint8Array): void {
    const max = this.#maxBytes
    if (max === 0 || chunk.length === 0) {
      this.end += chunk.length
      return
    }
    if (this.#memory.length < max) this.#grow(Math.min(max, this.end - this.#origin + chunk.length))
    const size = this.#memory.length
    const kept = chunk.length > size ? chunk.subarray(chunk.length - size) : chunk
    const at = (this.end - this.#origin + chunk.length - kept.length) % size
    const room = size - at
    if (kept.length <= room) this.#memory.set(kept, at)
    else {
      this.#memory.set(kept.subarray(0, room), at)
      this.#memory.set(kept.subarray(room), 0)
    }
    this.end += chunk.length
  }

  /** Copies the bytes from `from` up to `to`, all of which are held, to the beginning of `target`. */
  copyTo(target: Uint8Array, from: number, to: number): void {
    const size = this.#memory.length
    const at = (from - this.#origin) % size
    const first = Math.min(size - at, to - from)
    target.set(this.#memory.subarray(at, at + first))
    if (first < to - from) target.set(this.#memory.subarray(0, to - from - first), first)
  }

  /** Until the memory has its full size nothing was overwritten, so that growing is a plain copy. */
  #grow(needed: number): void {
    if (needed <= this.#memory.length) return
    let size = Math.max(FIRST_BYTES, this.#memory.length)
    while (size < needed) size *= 2
    const grown = new Uint8Array(Math.min(size, this.#maxBytes))
    grown.set(this.#memory)
    this.#memory = grown
  }
}

const EMPTY = new Uint8Array(0)
const FIRST_BYTES = 512
