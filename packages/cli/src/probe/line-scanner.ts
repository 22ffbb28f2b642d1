/**
 * Looks at the beginnings of the lines of an event stream, for what the report of a stream leaves out: comments, and whether the
 * answer has said that it is over. Keeps a few bytes, whatever the length of a line.
 */
export class LineScanner {
  comments = 0
  /** Lines with data so far. */
  dataLines = 0
  /** `[DONE]` came. */
  sawDone = false
  /** `[DONE]`, or the last event of a response: nothing more is to come. */
  sawEnd = false
  #start = ''
  #isEmpty = true

  /** Takes the next bytes of the body. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === LF || byte === CR) this.#endLine()
      else {
        this.#isEmpty = false
        if (this.#start.length < MAX_START) this.#start += String.fromCharCode(byte)
      }
    }
  }

  #endLine(): void {
    if (this.#isEmpty) return
    if (this.#start.startsWith(':')) this.comments++
    if (this.#start.startsWith('data:')) this.dataLines++
    if (DONE.test(this.#start)) this.sawDone = true
    if (this.sawDone || LAST_EVENT.test(this.#start)) this.sawEnd = true
    this.#start = ''
    this.#isEmpty = true
  }
}

const LF = 10
const CR = 13
/** Characters kept of a line: as many as its beginning is told by. */
const MAX_START = 40
const DONE = /^data: ?\[DONE\]\s*$/
const LAST_EVENT = /^event: ?response\.(completed|failed|incomplete)\s*$/
