import type { Clock } from '../src/clock.ts'

/** A clock that goes on when somebody waits: at once, to the next timer. Keeps the waits. */
export class FakeClock implements Clock {
  now = 0
  /** Delays of the timers that rang, in milliseconds. */
  readonly waits: number[] = []
  readonly #timers = new Set<() => void>()

  readonly nowMs = (): number => this.now
  readonly dateMs = (): number => Date.UTC(2026, 0, 1) + this.now

  readonly setTimer = (run: () => void, delayMs: number): (() => void) => {
    this.#timers.add(run)
    const ring = (): void => {
      if (!this.#timers.delete(run)) return
      this.now += delayMs
      this.waits.push(delayMs)
      run()
    }
    if (!this.isHeld) setImmediate(ring)
    return () => void this.#timers.delete(run)
  }

  /** Timers don't ring while it is held. */
  isHeld = false

  /** Timers that are set and have not rung. */
  get pending(): number {
    return this.#timers.size
  }
}
