/**
 * Keeps the last bytes of a body, addressed by their absolute offset.
 *
 * Holds at most `maxBytes`. The memory grows by doubling with the body, so that a short stream costs little.
 */
export class ByteRing {
  /** Bytes ever pushed: the offset of the next one. */
  end = 0
  readonly #maxBytes: number
  #memory: Uint8Array = EMPTY

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Offset of the oldest byte still held. */
  get start(): number {
    return Math.max(0, this.end - this.#maxBytes)
  }

  /** Bytes of memory in use; never above `maxBytes`. */
  get allocated(): number {
    return this.#memory.length
  }

  push(chunk: Uint8Array): void {
    const max = this.#maxBytes
    if (max === 0 || chunk.length === 0) {
      this.end += chunk.length
      return
    }
    if (this.#memory.length < max) this.#grow(Math.min(max, this.end + chunk.length))
    const size = this.#memory.length
    const kept = chunk.length > size ? chunk.subarray(chunk.length - size) : chunk
    const at = (this.end + chunk.length - kept.length) % size
    const room = size - at
    if (kept.length <= room) this.#memory.set(kept, at)
    else {
      this.#memory.set(kept.subarray(0, room), at)
      this.#memory.set(kept.subarray(room), 0)
    }
    this.end += chunk.length
  }

  /** A copy of the bytes from `from` (or the oldest held after it) up to `to`. */
  slice(from: number, to: number): Uint8Array {
    const start = Math.max(from, this.start)
    const end = Math.min(to, this.end)
    if (end <= start) return EMPTY
    const result = new Uint8Array(end - start)
    const size = this.#memory.length
    const at = start % size
    const first = Math.min(size - at, result.length)
    result.set(this.#memory.subarray(at, at + first), 0)
    if (first < result.length) result.set(this.#memory.subarray(0, result.length - first), first)
    return result
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
const FIRST_BYTES = 1024
