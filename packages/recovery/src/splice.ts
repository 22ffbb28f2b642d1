import { readSequenceNumber } from './read-event.ts'

/** Where an event stands: it is the app's, came before, or comes behind others that are missing. */
export type Place = 'new' | 'repeated' | 'gap'

/** Joins the events of a resumed stream to those that the app has, by their sequence numbers. */
export class Splice {
  /** Events that came again, and were left out. */
  repeated = 0
  /** Numbers that are missing at the joint. Events that only keep a connection alive take numbers too, and aren't kept. */
  missing: number
  readonly #last: number | undefined
  #isJoined: boolean

  /**
   * @param last the highest number that the app has; `undefined` for a stream that isn't resumed
   * @param missing numbers behind it that are known not to come
   */
  constructor(last: number | undefined, missing: number = 0) {
    this.#last = last
    this.missing = missing
    this.#isJoined = last === undefined
  }

  /** Nothing is to be taken behind a gap. */
  place(event: unknown): Place {
    const last = this.#last
    const number = readSequenceNumber(event)
    if (last === undefined || number === undefined) return 'new'
    if (number <= last) {
      this.repeated++
      return 'repeated'
    }
    const skipped = this.#isJoined ? 0 : number - last - 1
    this.#isJoined = true
    if (skipped === 0) return 'new'
    this.missing = skipped
    return 'gap'
  }
}
