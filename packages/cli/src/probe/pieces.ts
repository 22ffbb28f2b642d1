/**
 * Puts together what comes in one turn of the event loop: a parser hands over each HTTP chunk by itself, but a reader of the
 * SDK's streams gets in one read what came in one piece.
 */
export class Pieces {
  /** All that came so far. */
  bytes = 0
  readonly #deliver: (bytes: Buffer, atMs: number) => void
  #waiting: Buffer[] = []
  #sinceMs = 0

  /** @param deliver takes the bytes of one turn, with the time at which the first of them came */
  constructor(deliver: (bytes: Buffer, atMs: number) => void) {
    this.#deliver = deliver
  }

  add(piece: Buffer): void {
    this.bytes += piece.length
    if (this.#waiting.length === 0) {
      this.#sinceMs = performance.now()
      setImmediate(() => this.flush())
    }
    this.#waiting.push(piece)
  }

  flush(): void {
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = []
    this.#deliver(Buffer.concat(waiting), this.#sinceMs)
  }
}
