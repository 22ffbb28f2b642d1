/**
 * Cuts the text of an event stream behind each blank line, in any fragmentation and with all three line ends. Nothing is lost:
 * the pieces put together are the text.
 *
 * Text is bytes here, one character each (latin1): JSON is whole or cut in that just as it is in UTF-8, and no character can be
 * torn by a cut between its bytes.
 */
export class FrameSplitter {
  #open = ''
  #lineLength = 0
  #afterCarriageReturn = false
  /** The last frame ended in a carriage return: a line feed that follows belongs to it. */
  #mayEndLate = false

  /** The part of a frame that has no blank line yet. */
  get open(): string {
    return this.#open
  }

  /** Takes the next text; gives the frames that it ends, each with its blank line. */
  push(text: string): string[] {
    const frames: string[] = []
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const isLate = this.#mayEndLate
      this.#mayEndLate = false
      if (code === LINE_FEED && this.#afterCarriageReturn) {
        // "A U+000D CARRIAGE RETURN character followed by a U+000A LINE FEED" is one line end.
        this.#afterCarriageReturn = false
        if (!isLate) continue
        if (frames.length === 0) frames.push('\n')
        else frames[frames.length - 1] += '\n'
        start = at + 1
        continue
      }
      this.#afterCarriageReturn = code === CARRIAGE_RETURN
      if (code !== LINE_FEED && code !== CARRIAGE_RETURN) {
        this.#lineLength++
        continue
      }
      const isBlank = this.#lineLength === 0
      this.#lineLength = 0
      if (!isBlank) continue
      frames.push(this.#open + text.slice(start, at + 1))
      this.#open = ''
      this.#mayEndLate = code === CARRIAGE_RETURN
      start = at + 1
    }
    this.#open += text.slice(start)
    return frames
  }

  /** Gives up what is open, without a blank line; the rest of its frame is a frame of its own. */
  takeOpen(): string {
    const open = this.#open
    this.#open = ''
    return open
  }
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
