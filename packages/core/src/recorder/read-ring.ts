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
  /** As long as what it holds, or as its maximum: never what an array that grows by itself keeps in reserve. */
  #numbers: number[] = []
  #next = 0
  #bytes = 0

  constructor(maxReads: number) {
    this.#maxNumbers = maxReads * FIELDS
  }

  push(size: number, pulledAtMs: number, arrivedAtMs: number): void {
    this.count++
    if (this.#maxNumbers === 0) return
    this.#bytes += size
    const at = this.#next
    if (at === this.#numbers.length) this.#grow()
    const numbers = this.#numbers
    numbers[at] = size
    numbers[at + 1] = pulledAtMs
    numbers[at + 2] = arrivedAtMs
    this.#next = at + FIELDS === this.#maxNumbers ? 0 : at + FIELDS
  }

  #grow(): void {
    const length = Math.min(this.#maxNumbers, Math.max(FIRST_READS * FIELDS, 2 * this.#numbers.length))
    // Filled with what is no integer, so that it is an array of plain doubles from the start.
    // oxlint-disable-next-line unicorn/no-new-array -- one that is made otherwise is none of plain doubles
    const grown = new Array<number>(length).fill(NaN)
    for (let i = 0; i < this.#numbers.length; i++) grown[i] = this.#numbers[i] ?? NaN
    this.#numbers = grown
  }

  /** The reads still held, oldest first. */
  list(): ReadRecord[] {
    const records: ReadRecord[] = []
    const numbers = this.#numbers
    let offset = this.#bytes
    for (let i = 1; i <= this.count && i * FIELDS <= this.#maxNumbers; i++) {
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
const FIRST_READS = 8
