/** A line of text: its content is `[start, end)`, and the next line begins at `next`. */
export interface Line {
  readonly start: number
  readonly end: number
  readonly next: number
}

/** Splits a text into the frames of an event stream: runs of lines without a blank one. CR, LF and CRLF end lines. */
export function* framesOf(text: string): Generator<readonly Line[]> {
  let frame: Line[] = []
  let start = 0
  while (start < text.length) {
    const line = lineAt(text, start)
    start = line.next
    if (line.end > line.start) {
      frame.push(line)
    } else if (frame.length > 0) {
      yield frame
      frame = []
    }
  }
  if (frame.length > 0) yield frame
}

function lineAt(text: string, start: number): Line {
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x0a) return { start, end, next: end + 1 }
    if (code === 0x0d) return { start, end, next: text.charCodeAt(end + 1) === 0x0a ? end + 2 : end + 1 }
  }
  return { start, end, next: end }
}

/** The kinds of line that are framing; `error` is no field of the standard, but a server's mistake that is seen. */
type FieldName = 'data' | 'event' | 'id' | 'retry' | 'error' | 'comment'

/** A line's field, and where its value begins: after the colon and one space. */
export interface Field {
  readonly name: FieldName
  readonly valueStart: number
}

/** Reads a line as a field; undefined when its name is none of {@link FieldName}. */
export function fieldOf(text: string, line: Line): Field | undefined {
  const start = text.charCodeAt(line.start) === 0xfeff ? line.start + 1 : line.start
  const match = /^(data|event|id|retry|error|)(?:$|: ?)/.exec(text.slice(start, Math.min(start + 7, line.end)))
  const matched = match?.[0]
  if (matched === undefined || (matched === '' && start < line.end)) return undefined
  const name = match?.[1]
  return { name: name === '' ? 'comment' : (name as FieldName), valueStart: start + matched.length }
}
