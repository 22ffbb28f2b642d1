import { FrameSplitter } from './frame-splitter.ts'
import { beginsValue, isDone, isJson, isWhole, parseFrame, type Frame, type FrameLine } from './frame.ts'
import { splitValues } from './split-values.ts'

/**
 * What was wrong with an event, and is right now.
 *
 * `split`: a blank line stood inside it. `joined`: the blank line before the next one was missing. `glued`: several values stood on
 * one line. `unterminated`: the last event lacked its blank line.
 */
export type RepairType = 'split' | 'joined' | 'glued' | 'unterminated'

/** Most bytes that are held back: the event in progress, and the parts of one that was cut. What is larger passes untouched. */
export const MAX_HELD_BYTES = 1_048_576

/** Most parts that an event is put together from. */
export const MAX_PARTS = 64

/** An event that was cut, while its other parts are waited for. */
interface Held {
  /** Everything since its beginning, as it came. */
  raw: string
  /** The event up to where it was cut, and its data alone. */
  head: string
  data: string
  parts: number
}

/**
 * Puts events back together that a hop cut in two or glued to each other. Takes and gives bytes, one character each (latin1).
 *
 * It only takes away and adds line ends and `data:` between data: no byte of data is added, changed or lost. An event is held back
 * only from its first byte to its blank line, or while it is cut; what can't be put right goes on as it came.
 */
export class Reassembler {
  readonly #frames = new FrameSplitter()
  readonly #onRepair: (type: RepairType) => void
  readonly #maxHeldBytes: number
  #held: Held | undefined
  #isFirst = true
  /** The frame in progress is too large, and its beginning has gone on already. */
  #isPassing = false

  constructor(onRepair: (type: RepairType) => void, maxHeldBytes: number = MAX_HELD_BYTES) {
    this.#onRepair = onRepair
    this.#maxHeldBytes = maxHeldBytes
  }

  /** Takes what came; gives what may go on. */
  push(text: string): string {
    let output = ''
    for (const frame of this.#frames.push(text)) output += this.#takeFrame(frame)
    if (this.#isPassing) return output + this.#frames.takeOpen()
    if (!this.#fits(this.#frames.open)) {
      this.#isPassing = true
      output += this.#release() + this.#frames.takeOpen()
      this.#isFirst = false
    }
    return output
  }

  /** The body ended in order; gives what is left of it. */
  end(): string {
    const released = this.#release()
    const rest = this.#frames.takeOpen()
    if (this.#isPassing || rest === '') return released + rest
    const { data, lineEnd } = parseFrame(rest, this.#isFirst)
    const text = data.map(({ value }) => value).join('\n')
    if (!beginsValue(text) || !isJson(text)) return released + rest
    this.#onRepair('unterminated')
    return released + rest + (/[\r\n]$/.test(rest) ? lineEnd : lineEnd + lineEnd)
  }

  /** The body failed; gives what is left of it, as it came. */
  fail(): string {
    return this.#release() + this.#frames.takeOpen()
  }

  #fits(text: string): boolean {
    return text.length + (this.#held?.raw.length ?? 0) <= this.#maxHeldBytes
  }

  #takeFrame(text: string): string {
    const isFirst = this.#isFirst
    this.#isFirst = false
    if (this.#isPassing) {
      this.#isPassing = false
      return text
    }
    if (!this.#fits(text)) return this.#release() + text
    const frame = parseFrame(text, isFirst)
    const held = this.#held
    if (held === undefined) return this.#judge(frame)
    if (frame.lines.length === 0) {
      held.raw += text
      return ''
    }
    return this.#join(held, frame)
  }

  /** A frame that nothing is waited for by. */
  #judge(frame: Frame): string {
    const { text, data, lines } = frame
    const [first] = data
    if (first === undefined || isWhole(data.map(({ value }) => value).join('\n'))) return text
    if (data.length > 1) return this.#separateLines(frame)
    const values = splitValues(first.value)
    if (values !== undefined) return this.#separateValues(frame, first, values)
    // Where something follows the data, it is not the data that was cut.
    if (!beginsValue(first.value) || lines.at(-1) !== first) return text
    this.#held = { raw: text, head: text.slice(0, first.end), data: first.value, parts: 1 }
    return ''
  }

  /** A frame that may be the next part of the one that was cut. */
  #join(held: Held, frame: Frame): string {
    const part = readPart(frame)
    if (part === undefined) return this.#release() + this.#judge(frame)
    const data = held.data + part
    if (isJson(data)) {
      this.#held = undefined
      this.#onRepair('split')
      return held.head + part + frame.text.slice(frame.lines[0]?.end)
    }
    // By its colon it is a comment, unless it is just what was missing.
    const isComment = frame.lines[0]?.field === ''
    if (isComment || held.parts + 1 >= MAX_PARTS) return this.#release() + frame.text
    this.#held = { raw: held.raw + frame.text, head: held.head + part, data, parts: held.parts + 1 }
    return ''
  }

  /** Several data lines, each of them an event. */
  #separateLines(frame: Frame): string {
    const { text, lines, data, lineEnd } = frame
    if (!data.every(({ value }) => isWhole(value) && (beginsValue(value) || isDone(value)))) return text
    let output = text.slice(0, lines[0]?.start)
    for (const [at, group] of groupLines(lines).entries()) {
      const [start, end] = [group[0]?.start ?? 0, group.at(-1)?.next ?? 0]
      if (at > 0) this.#onRepair('joined')
      output += (at > 0 ? lineEnd : '') + text.slice(start, end)
    }
    return output + text.slice(lines.at(-1)?.next)
  }

  /** Several values on one data line. */
  #separateValues({ text, lineEnd }: Frame, line: FrameLine, values: readonly string[]): string {
    for (const _ of values.slice(1)) this.#onRepair('glued')
    const prefix = text.slice(line.start, line.end - line.value.length)
    return (
      text.slice(0, line.start) + values.map((value) => prefix + value).join(lineEnd + lineEnd) + text.slice(line.end)
    )
  }

  #release(): string {
    const raw = this.#held?.raw ?? ''
    this.#held = undefined
    return raw
  }
}

/** What a frame adds to an event that was cut: its one line, or the data of that; `undefined` where it is an event of its own. */
function readPart({ text, lines, data }: Frame): string | undefined {
  const [line] = lines
  if (line === undefined || lines.length > 1 || SSE_FIELDS.has(line.field)) return undefined
  if (data.length === 0) return text.slice(line.start, line.end)
  return isDone(line.value) || (beginsValue(line.value) && isJson(line.value)) ? undefined : line.value
}

/** Fields of an event of its own. A comment, which has none, looks like JSON that was cut before a colon. */
const SSE_FIELDS: ReadonlySet<string> = new Set(['event', 'id', 'retry'])

/** The lines of each event: a new one begins where there is data already, with its `event` line where the first one has one. */
function groupLines(lines: readonly FrameLine[]): FrameLine[][] {
  const opener = lines[0]?.field === 'event' ? 'event' : 'data'
  const groups: FrameLine[][] = [[]]
  for (const line of lines) {
    const hasData = groups.at(-1)?.some(({ field }) => field === 'data') === true
    if (hasData && (line.field === opener || line.field === 'data')) groups.push([])
    groups.at(-1)?.push(line)
  }
  return groups
}
