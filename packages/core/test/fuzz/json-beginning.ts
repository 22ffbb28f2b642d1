// The oracle's judgement of JSON that stops early: RFC 8259 read from left to right, one rule a function.

class Stopped extends Error {}
class Wrong extends Error {}

/** Whether a text is no JSON yet, but the beginning of some: it only stops too early. */
export function isJsonBeginning(text: string): boolean {
  const reader = new Reader(text)
  try {
    reader.value()
    return false
  } catch (error) {
    if (error instanceof Stopped) return true
    if (error instanceof Wrong || error instanceof RangeError) return false
    throw error
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): void {
    this.#space()
    const next = this.#peek()
    if (next === '{') this.#list('}', () => this.#member())
    else if (next === '[') this.#list(']', () => this.value())
    else if (next === '"') this.#string()
    else if (next === '-' || isDigit(next)) this.#number()
    else this.#word(next)
    this.#space()
  }

  #list(close: string, item: () => void): void {
    this.#at++
    this.#space()
    if (this.#peek() === close) {
      this.#at++
      return
    }
    for (;;) {
      item()
      const next = this.#take()
      if (next === close) return
      if (next !== ',') throw new Wrong()
    }
  }

  #member(): void {
    this.#space()
    if (this.#peek() !== '"') throw new Wrong()
    this.#string()
    this.#space()
    if (this.#take() !== ':') throw new Wrong()
    this.value()
  }

  #string(): void {
    this.#at++
    for (;;) {
      const next = this.#take()
      if (next === '"') return
      if (next < ' ') throw new Wrong()
      if (next !== '\\') continue
      const escaped = this.#take()
      if (escaped === 'u') for (let i = 0; i < 4; i++) if (!/[0-9a-f]/i.test(this.#take())) throw new Wrong()
      if (!'"\\/bfnrtu'.includes(escaped)) throw new Wrong()
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++
    if (this.#peek() === '0') this.#at++
    else this.#digits()
    if (this.#text[this.#at] === '.') {
      this.#at++
      this.#digits()
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at++
      if (/[+-]/.test(this.#peek())) this.#at++
      this.#digits()
    }
  }

  #digits(): void {
    if (!isDigit(this.#take())) throw new Wrong()
    while (isDigit(this.#text[this.#at] ?? '')) this.#at++
  }

  #word(first: string): void {
    const word = ['true', 'false', 'null'].find((known) => known.startsWith(first))
    if (word === undefined) throw new Wrong()
    for (const letter of word) if (this.#take() !== letter) throw new Wrong()
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #peek(): string {
    const next = this.#text[this.#at]
    if (next === undefined) throw new Stopped()
    return next
  }

  #take(): string {
    const next = this.#peek()
    this.#at++
    return next
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1
}
