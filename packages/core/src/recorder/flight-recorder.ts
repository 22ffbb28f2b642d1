import { ByteRing } from './byte-ring.ts'

/**
 * Keeps of a body what a fault may be told from: the last read, and of what came before as much as is still needed.
 *
 * Small reads are copied: one that was kept as it came would live until the next one comes, which makes a long-lived object of
 * every read of a process with thousands of streams. A large one is kept by reference, as long as its consumer has it.
 */
export class FlightRecorder {
  /** Bytes ever pushed: the offset of the next one. */
  end = 0
  readonly #copies: ByteRing
  /** The last read, where it was large; it follows the copies. */
  #referenced: Uint8Array = EMPTY

  constructor(maxBytes: number) {
    this.#copies = new ByteRing(maxBytes)
  }

  /** Offset of the oldest byte still held. */
  get start(): number {
    return this.#copies.start
  }

  /** Bytes of memory of its own; never above `maxBytes`. */
  get allocated(): number {
    return this.#copies.allocated
  }

  /** Bytes that are held by reference. */
  get referenced(): number {
    return this.#referenced.length
  }

  /**
   * Takes the next read.
   *
   * @param neededFrom offset of the first byte that is still needed, of this read or of earlier ones
   */
  push(chunk: Uint8Array, neededFrom: number): void {
    this.settle(neededFrom)
    this.end += chunk.length
    if (chunk.length <= MAX_COPIED_BYTES) this.#copies.push(chunk, neededFrom)
    else {
      this.#copies.release(neededFrom)
      this.#referenced = chunk
    }
  }

  /** Lets go of what is held by reference, and keeps a copy of what is needed of it. */
  settle(neededFrom: number): void {
    if (this.#referenced.length === 0) return
    this.#copies.push(this.#referenced, neededFrom)
    this.#referenced = EMPTY
  }

  /** A copy of the bytes from `from` (or the oldest held after it) up to `to`, and the offset of the first. */
  slice(from: number, to: number): { readonly bytes: Uint8Array; readonly offset: number } {
    const offset = Math.max(from, this.start)
    if (to <= offset) return { bytes: EMPTY, offset }
    const bytes = new Uint8Array(to - offset)
    const copied = this.#copies.end
    if (offset < copied) this.#copies.copyTo(bytes, offset, Math.min(to, copied))
    if (to > copied) {
      const first = Math.max(offset, copied)
      bytes.set(this.#referenced.subarray(first - copied, to - copied), first - offset)
    }
    return { bytes, offset }
  }
}

/** Largest read that is copied when it comes, in bytes. */
export const MAX_COPIED_BYTES = 1024

const EMPTY = new Uint8Array(0)
