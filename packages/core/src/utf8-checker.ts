/** Checks bytes as they come for being UTF-8. */
export interface Utf8Checker {
  /** Takes the next bytes. A character split between two calls is fine. After the first invalid byte it does nothing. */
  push(bytes: Uint8Array): void
  /** The next bytes are known to be valid: the same as `push`, where no character is open. @returns whether that was so */
  skip(length: number): boolean
  /** Says that no more bytes come: a character that is still unfinished makes the bytes invalid. */
  end(): void
  /**
   * Where the first sequence that isn't UTF-8 begins, in bytes since the first `push`; -1 while there is none. Everything
   * before it is valid.
   */
  readonly invalidAt: number
}

/**
 * Makes a {@link Utf8Checker}.
 *
 * @param isUtf8 - A fast check of whole bytes, such as `isUtf8` of `node:buffer`, which is right about any input. Without
 *   it every byte is looked at here. Bytes that end in ASCII are passed on without a copy and without a new view.
 */
export function createUtf8Checker(isUtf8?: (bytes: Uint8Array) => boolean): Utf8Checker {
  return new StreamingUtf8Checker(isUtf8)
}

class StreamingUtf8Checker implements Utf8Checker {
  readonly #isUtf8: ((bytes: Uint8Array) => boolean) | undefined
  #bytesBefore = 0
  #sequenceStart = 0
  #continuationsNeeded = 0
  #lowest = 0x80
  #highest = 0xbf
  #invalidAt = -1

  constructor(isUtf8: ((bytes: Uint8Array) => boolean) | undefined) {
    this.#isUtf8 = isUtf8
  }

  get invalidAt(): number {
    return this.#invalidAt
  }

  push(bytes: Uint8Array): void {
    if (this.#invalidAt >= 0) return
    let from = 0
    while (from < bytes.length && this.#continuationsNeeded > 0) this.#take(bytes[from] ?? 0, from++)
    if (this.#invalidAt >= 0) return
    const isUtf8 = this.#isUtf8
    if (isUtf8 !== undefined) {
      const to = lastBorder(bytes, from)
      const middle = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to)
      if (isUtf8(middle)) from = to
    }
    for (; from < bytes.length; from++) {
      const byte = bytes[from] ?? 0
      if (byte < 0x80 && this.#continuationsNeeded === 0) continue
      this.#take(byte, from)
      if (this.#invalidAt >= 0) return
    }
    this.#bytesBefore += bytes.length
  }

  skip(length: number): boolean {
    if (this.#continuationsNeeded > 0) return false
    if (this.#invalidAt < 0) this.#bytesBefore += length
    return true
  }

  end(): void {
    if (this.#invalidAt < 0 && this.#continuationsNeeded > 0) this.#invalidAt = this.#sequenceStart
  }

  // Encoding Standard, "utf-8 decoder": the lower and upper boundary keep out overlong forms, surrogates and what lies
  // beyond U+10FFFF, and are reset after the first continuation byte.
  #take(byte: number, at: number): void {
    if (this.#continuationsNeeded === 0) {
      this.#begin(byte, at)
    } else if (byte < this.#lowest || byte > this.#highest) {
      this.#continuationsNeeded = 0
      this.#invalidAt = this.#sequenceStart
    } else {
      this.#continuationsNeeded--
      this.#lowest = 0x80
      this.#highest = 0xbf
    }
  }

  #begin(byte: number, at: number): void {
    if (byte < 0x80) return
    this.#sequenceStart = this.#bytesBefore + at
    if (byte < 0xc2 || byte > 0xf4) {
      this.#invalidAt = this.#sequenceStart
      return
    }
    this.#continuationsNeeded = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    if (byte === 0xe0) this.#lowest = 0xa0
    else if (byte === 0xed) this.#highest = 0x9f
    else if (byte === 0xf0) this.#lowest = 0x90
    else if (byte === 0xf4) this.#highest = 0x8f
  }
}

/** Where the last character that may be unfinished begins; the length when the bytes can't end in an unfinished one. */
function lastBorder(bytes: Uint8Array, from: number): number {
  const length = bytes.length
  for (let back = 1; back <= 3 && length - back >= from; back++) {
    const byte = bytes[length - back] ?? 0
    if (byte < 0x80) return length
    if (byte >= 0xc0) return length - back
  }
  return length
}
