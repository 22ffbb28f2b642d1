import type { AttemptAction, AttemptRecord } from './attempt-record.ts'
import { show } from './check-options.ts'
import type { Settings } from './options.ts'
import type { GiveUpReason } from './stream-broken-error.ts'

/** Most attempts at one stream, whatever each of them brings. */
export const MAX_ALL_ATTEMPTS = 1000

/**
 * Holds the attempts at one stream to the bounds of the options.
 *
 * What goes on with a response in the background counts from the last event that was new to the app: a response may take hours,
 * and each event shows that it goes on. All else counts from the first attempt.
 */
export class AttemptBounds {
  readonly #settings: Settings<unknown>
  readonly #beganAtMs: number
  /** When the app came back from the last new event, and how many attempts were over then. */
  #progressedAtMs: number
  #over = 0
  #cost = 0

  constructor(settings: Settings<unknown>) {
    this.#settings = settings
    this.#beganAtMs = settings.clock.nowMs()
    this.#progressedAtMs = this.#beganAtMs
  }

  /** An attempt, by its number, brought an event that was new. */
  progressed(attempt: number): void {
    this.#over = attempt - 1
    this.#progressedAtMs = this.#settings.clock.nowMs()
  }

  /** An attempt has ended. @throws RangeError where `costOf` says no cost. */
  spend(record: AttemptRecord): void {
    const cost: unknown = this.#settings.costOf(record)
    // Such a cost would lift `maxCost` without a word.
    if (typeof cost !== 'number' || !(cost >= 0)) {
      throw new RangeError(`Option "costOf" must return a number from 0; it returned ${show(cost)}.`)
    }
    this.#cost += cost
  }

  /** When no such attempt may begin any more, in milliseconds on the clock. */
  untilMs(action: AttemptAction): number {
    return (goesOn(action) ? this.#progressedAtMs : this.#beganAtMs) + this.#settings.maxElapsedMs
  }

  /**
   * The bound that another attempt would break.
   *
   * @param attempts those that have been made
   */
  findBroken(action: AttemptAction, attempts: number, delayMs: number): GiveUpReason | undefined {
    const { maxAttempts, maxCost, clock } = this.#settings
    const counted = goesOn(action) ? attempts - this.#over : attempts
    if (counted >= maxAttempts || attempts >= MAX_ALL_ATTEMPTS) return 'max_attempts'
    if (clock.nowMs() + delayMs > this.untilMs(action)) return 'max_elapsed'
    return this.#cost >= maxCost ? 'max_cost' : undefined
  }
}

function goesOn(action: AttemptAction): boolean {
  return action === 'resume' || action === 'poll'
}
