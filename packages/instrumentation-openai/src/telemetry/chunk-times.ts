/** Most times kept of a stream that is one of the sampled: from half as many to all of them are recorded. */
export const MAX_SAMPLED_TIMES = 32

/** Most times that wait to be recorded where all of them are. */
const MAX_WAITING_TIMES = 64

/**
 * The times between the chunks of output of one stream, kept until nobody waits for what they are recorded by: a histogram
 * takes about as long for one of them as the rest of the watching takes for some five chunks.
 *
 * Of a sampled stream, they are spread evenly over its whole length, whatever that turns out to be.
 */
export class ChunkTimes {
  readonly #keepsAll: boolean
  readonly #times: number[] = []
  /** Every so many-th time is kept. */
  #stride = 1
  #seen = 0
  #lastMs = 0

  constructor(keepsAll: boolean) {
    this.#keepsAll = keepsAll
  }

  /** A chunk of output came with the read of this time, in milliseconds. */
  came(nowMs: number): void {
    const lastMs = this.#lastMs
    this.#lastMs = nowMs
    if (lastMs === 0 || this.#seen++ % this.#stride !== 0) return
    this.#times.push(nowMs - lastMs)
    if (this.#keepsAll || this.#times.length < MAX_SAMPLED_TIMES) return
    // Every second of them stays: the others would not be kept from now on.
    for (let i = 0; i < MAX_SAMPLED_TIMES / 2; i++) this.#times[i] = this.#times[2 * i] ?? 0
    this.#times.length = MAX_SAMPLED_TIMES / 2
    this.#stride *= 2
  }

  /** So many wait that they are to be recorded before the stream ends. */
  get isFull(): boolean {
    return this.#keepsAll && this.#times.length >= MAX_WAITING_TIMES
  }

  /** Hands over what is kept, in milliseconds. */
  take(): number[] {
    return this.#times.splice(0)
  }
}
