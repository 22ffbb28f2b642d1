import { readProperty } from './records.ts'

/** Joins the events of a resumed stream to those that the app has, by their sequence numbers. */
export class Splice {
  /** Events that came again, and were left out. */
  repeated = 0
  /** Numbers that are missing at the joint. Events that only keep a connection alive take numbers too, and aren't kept. */
  missing = 0
  readonly #last: number | undefined
  #isJoined = false

  /** @param last the highest number that the app has; `undefined` for a stream that isn't resumed */
  constructor(last: number | undefined) {
    this.#last = last
  }

  /** Whether the app gets the event. */
  takes(event: unknown): boolean {
    const last = this.#last
    if (last === undefined) return true
    const number = readProperty(event, 'sequence_number')
    if (typeof number !== 'number') return true
    if (number <= last) {
      this.repeated++
      return false
    }
    if (!this.#isJoined) this.missing = number - last - 1
    this.#isJoined = true
    return true
  }
}
