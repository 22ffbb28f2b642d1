/** One read of the body: where its bytes stood, and its two clocks. */
export interface ReadRecord {
  /** Which read of the stream, from 0. */
  readonly index: number
  /** Byte offset of the first byte in the body. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
  /** Milliseconds on the caller's clock: when the bytes were asked for. */
  readonly pulledAtMs: number
  /** Milliseconds on the caller's clock: when they came. */
  readonly arrivedAtMs: number
}

/**
 * Keeps the last `maxReads` reads as plain numbers, so that recording one allocates nothing once they are that many. A typed
 * array would be memory outside of the heap: making one takes longer than all that a short stream does with it.
 */
export class ReadRing {
  /** Reads ever recorded. */
  count = 0
  readonly #maxNumbers: number
  readonly #numbers: number[] = []
  #next = 0
  #bytes = 0

  constructor(maxReads: number) {
    this.#maxNumbers = maxReads * FIELDS
  }

  push(size: number, pulledAtMs: number, arrivedAtMs: number): void {
    this.count++
    if (this.#maxNumbers === 0) return
    this.#bytes += size
    const numbers = this.#numbers
    const at = this.#next
    // Beyond its end, an array grows by one.
    numbers[at] = size
    numbers[at + 1] = pulledAtMs
    numbers[at + 2] = arrivedAtMs
    this.#next = at + FIELDS === this.#maxNumbers ? 0 : at + FIELDS
  }

  /** The reads still held, oldest first. */
  list(): ReadRecord[] {
    const records: ReadRecord[] = []
    const numbers = this.#numbers
    let offset = this.#bytes
    for (let i = 1; i * FIELDS <= numbers.length; i++) {
      const at = (this.#next - i * FIELDS + numbers.length) % numbers.length
      const size = numbers[at] ?? 0
      offset -= size
      records.push({
        index: this.count - i,
        offset,
        size,
        pulledAtMs: numbers[at + 1] ?? 0,
        arrivedAtMs: numbers[at + 2] ?? 0,
      })
    }
    return records.toReversed()
  }
}

const FIELDS = 3
