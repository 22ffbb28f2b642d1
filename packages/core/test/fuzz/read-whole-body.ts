// The oracle's reader: a whole body at once, by the words of the standard, with none of the product's means.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/** A frame that its blank line ended, and that an SDK takes for an event: it has data, or a name. */
export interface WholeEvent {
  readonly name: string
  readonly data: string
  readonly dataLines: readonly string[]
  /** Lines between that are no known field and no comment: what a raw line break leaves. */
  readonly strayLines: readonly string[]
}

/** What stands after the last blank line. */
export interface BodyTail extends WholeEvent {
  /** The last line, which nothing ended. */
  readonly openLine: string
}

/** A body, read. */
export interface WholeBody {
  readonly hasMark: boolean
  /** A character that the end cuts is no wrong byte. */
  readonly isUtf8: boolean
  readonly events: readonly WholeEvent[]
  readonly tail: BodyTail
}

const FIELDS = new Set(['data', 'event', 'id', 'retry'])

/** Reads a body. */
export function readWholeBody(bytes: Uint8Array): WholeBody {
  // "UTF-8 decode": one byte order mark is stripped, what is no UTF-8 is replaced.
  const text = new TextDecoder().decode(bytes)
  const lines = text.split(/\r\n|\n|\r/)
  const openLine = lines.pop() ?? ''
  const events: WholeEvent[] = []
  let frame: string[] = []
  for (const line of lines) {
    if (line !== '') {
      frame.push(line)
      continue
    }
    const event = readFrame(frame)
    if (isEvent(event)) events.push(event)
    frame = []
  }
  return {
    hasMark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf,
    isUtf8: isUtf8(bytes),
    events,
    tail: { ...readFrame([...frame, openLine]), openLine },
  }
}

/** Whether an SDK hands a frame on: the standard drops those without data, the SDKs only those without a name as well. */
function isEvent(event: WholeEvent): boolean {
  return event.dataLines.length > 0 || event.name !== ''
}

function readFrame(lines: readonly string[]): WholeEvent {
  const dataLines: string[] = []
  const strayLines: string[] = []
  let name = ''
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon === 0) continue // a comment
    const field = colon === -1 ? line : line.slice(0, colon)
    const rest = colon === -1 ? '' : line.slice(colon + 1)
    const value = rest.startsWith(' ') ? rest.slice(1) : rest
    if (field === 'data') dataLines.push(value)
    if (field === 'event') name = value
    if (!FIELDS.has(field)) strayLines.push(line)
  }
  return { name, data: dataLines.join('\n'), dataLines, strayLines }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
