/** Deepest nesting of JSON that is followed, in open brackets: 65,536 take 8 KiB. Deeper text counts as invalid. */
export const MAX_JSON_DEPTH = 65_536

const FIRST_WORDS = 4

/** The open brackets around a place in JSON, one bit each: set for an object, clear for an array. */
export class Nesting {
  #words = new Uint32Array(FIRST_WORDS)
  #depth = 0

  /** How many brackets are open. */
  get depth(): number {
    return this.#depth
  }

  /** True when the innermost open bracket is `{`. False when it is `[`, or when none is open. */
  get inObject(): boolean {
    if (this.#depth === 0) return false
    const top = this.#depth - 1
    return (((this.#words[top >>> 5] ?? 0) >>> (top & 31)) & 1) === 1
  }

  /** Opens a bracket; false, and nothing changes, when that would exceed {@link MAX_JSON_DEPTH}. */
  open(isObject: boolean): boolean {
    if (this.#depth === MAX_JSON_DEPTH) return false
    const at = this.#depth >>> 5
    if (at === this.#words.length) {
      const larger = new Uint32Array(this.#words.length * 2)
      larger.set(this.#words)
      this.#words = larger
    }
    const bit = 1 << (this.#depth & 31)
    const word = this.#words[at] ?? 0
    this.#words[at] = isObject ? word | bit : word & ~bit
    this.#depth++
    return true
  }

  /** Closes the innermost bracket. Must not be called when none is open. */
  close(): void {
    this.#depth--
  }
}
