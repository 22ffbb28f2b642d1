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

/** Keeps the last `maxReads` reads in flat memory, so that recording one allocates nothing. */
export class ReadRing {
  /** Reads ever recorded. */
  count = 0
  readonly #maxReads: number
  #memory: Float64Array | undefined

  constructor(maxReads: number) {
    this.#maxReads = maxReads
  }

  push(offset: number, size: number, pulledAtMs: number, arrivedAtMs: number): void {
    const index = this.count++
    if (this.#maxReads === 0) return
    this.#memory ??= new Float64Array(this.#maxReads * FIELDS)
    const at = (index % this.#maxReads) * FIELDS
    this.#memory[at] = offset
    this.#memory[at + 1] = size
    this.#memory[at + 2] = pulledAtMs
    this.#memory[at + 3] = arrivedAtMs
  }

  /** The reads still held, oldest first. */
  list(): ReadRecord[] {
    const memory = this.#memory
    if (memory === undefined) return []
    const records: ReadRecord[] = []
    for (let index = Math.max(0, this.count - this.#maxReads); index < this.count; index++) {
      const at = (index % this.#maxReads) * FIELDS
      records.push({
        index,
        offset: memory[at] ?? 0,
        size: memory[at + 1] ?? 0,
        pulledAtMs: memory[at + 2] ?? 0,
        arrivedAtMs: memory[at + 3] ?? 0,
      })
    }
    return records
  }
}

const FIELDS = 4
