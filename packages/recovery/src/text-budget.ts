/** Most that is kept of the text of an answer, and as much of its tool calls, in UTF-16 units. */
export const MAX_PARTIAL_LENGTH = 262_144

/** Most choices and most tool calls that are told apart; what belongs to others is cut. */
export const MAX_PARTIAL_PARTS = 128

/** Holds what is kept of the text of an answer, or of its tool calls, to `MAX_PARTIAL_LENGTH`. */
export class TextBudget {
  /** More came than fits. */
  isCut = false
  #length = 0

  /** As much of a text as still fits. */
  fit(text: string): string {
    const fitting = text.slice(0, MAX_PARTIAL_LENGTH - this.#length)
    this.isCut ||= fitting.length < text.length
    this.#length += fitting.length
    return fitting
  }

  /** A text that was kept is kept no longer. */
  giveBack(text: string): void {
    this.#length -= text.length
  }

  clear(): void {
    this.isCut = false
    this.#length = 0
  }
}
