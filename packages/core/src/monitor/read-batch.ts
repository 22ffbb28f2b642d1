import type { NativeBytes } from './options.ts'

/** Whoever wants to have its reads looked at. */
export interface BatchedReader {
  /**
   * The bytes of an earlier read are looked at now.
   *
   * @param chunk a copy, which lasts as long as the call
   * @param taken events that its consumer had been handed when the read came
   * @param isPlain the bytes are UTF-8 from their first to their last, and have no carriage return
   */
  lookAt(chunk: Uint8Array, taken: number, isPlain: boolean): void
}

// What native code says of bytes it says of many in hardly more time than of few, and code that runs several times in a row is
// faster than one that runs now and then.
/**
 * Small reads of all streams of a process, kept to be looked at together.
 *
 * It holds copies of at most {@link MAX_BATCHED_READS} reads: whoever made them may use their memory again.
 */
export class ReadBatch {
  readonly #native: NativeBytes
  readonly #memory = new Uint8Array(MAX_BATCHED_READS * MAX_BATCHED_BYTES)
  readonly #readers: (BatchedReader | undefined)[] = []
  readonly #ends: number[] = []
  readonly #taken: number[] = []
  #count = 0
  #bytes = 0
  #endsInCharacters = false

  constructor(native: NativeBytes) {
    this.#native = native
  }

  /** @param chunk of at most {@link MAX_BATCHED_BYTES} bytes, and one at least. @internal */
  add(reader: BatchedReader, chunk: Uint8Array, taken: number): void {
    const index = this.#count++
    this.#readers[index] = reader
    this.#taken[index] = taken
    this.#memory.set(chunk, this.#bytes)
    this.#bytes += chunk.length
    this.#ends[index] = this.#bytes
    // A character that may be cut would make one of what does not belong together.
    if ((chunk[chunk.length - 1] ?? 0) >= 0x80) this.#endsInCharacters = true
    if (this.#count === MAX_BATCHED_READS) this.settle()
  }

  /** Looks at all of them, in the order in which they came. @internal */
  settle(): void {
    const bytes = this.#memory.subarray(0, this.#bytes)
    const isPlain =
      !this.#endsInCharacters && this.#native.isUtf8(bytes) && this.#native.indexOf(bytes, CARRIAGE_RETURN, 0) === -1
    const count = this.#count
    this.#count = 0
    this.#bytes = 0
    this.#endsInCharacters = false
    let start = 0
    for (let i = 0; i < count; i++) {
      const end = this.#ends[i] ?? start
      this.#readers[i]?.lookAt(this.#memory.subarray(start, end), this.#taken[i] ?? 0, isPlain)
      this.#readers[i] = undefined
      start = end
    }
  }
}

/** Most reads that are looked at together. */
export const MAX_BATCHED_READS = 32
/** Largest read that is kept to be looked at later, in bytes: larger ones are worth their own look. */
export const MAX_BATCHED_BYTES = 512

const CARRIAGE_RETURN = 0x0d
