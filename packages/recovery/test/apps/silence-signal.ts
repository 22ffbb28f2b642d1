/** Silence that is long enough to be one, in milliseconds. */
const SILENT_MS = 300

/** Turns of the event loop in which what has come would be seen, also by a process that was too busy for it. */
const TURNS = 20

/**
 * A signal that times out once nothing has come for a while, after the first chunk: what a machine is busy with must not count,
 * as it would with `AbortSignal.timeout`.
 */
export class SilenceSignal {
  readonly #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #came = 0

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Something came. */
  came(): void {
    this.#came++
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#check(this.#came), SILENT_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#came = -1
  }

  async #check(came: number): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate)
    if (this.#came === came) this.#controller.abort(new DOMException('Nothing came.', 'TimeoutError'))
  }
}
