/** Where times come from, and waits. A test hands in one that it drives itself. */
export interface Clock {
  /** Milliseconds from some point on; they only ever go forward. */
  readonly nowMs: () => number
  /** Milliseconds since 1970: `Retry-After` may name a date. */
  readonly dateMs: () => number
  /** Calls once after so many milliseconds, unless what it returns is called before. */
  readonly setTimer: (run: () => void, delayMs: number) => () => void
}

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  dateMs: () => Date.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
