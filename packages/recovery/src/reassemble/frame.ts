/** One line of a frame, with its place in it. */
export interface FrameLine {
  readonly start: number
  /** Behind the last character of the line, before its end. */
  readonly end: number
  /** Behind its end. */
  readonly next: number
  /** What stands before the colon. */
  readonly field: string
  /** What stands behind the colon, without one space. */
  readonly value: string
}

/** A frame of an event stream, taken apart. */
export interface Frame {
  readonly text: string
  /** Its lines but the blank one. */
  readonly lines: readonly FrameLine[]
  readonly data: readonly FrameLine[]
  /** How its first line ends. */
  readonly lineEnd: string
}

const LINE = /([^\r\n]*)(\r\n|\r|\n|$)/y
/** A byte order mark, byte by byte. */
const BYTE_ORDER_MARK = '\u00EF\u00BB\u00BF'

/** Takes a frame apart. @param isFirst only what begins a body may be a byte order mark */
export function parseFrame(text: string, isFirst: boolean): Frame {
  const lines: FrameLine[] = []
  let lineEnd = '\n'
  LINE.lastIndex = isFirst && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  while (LINE.lastIndex < text.length) {
    const start = LINE.lastIndex
    const [, line = '', ending = ''] = LINE.exec(text) ?? []
    if (line === '') continue
    // That of the blank line doesn't count: a line feed that belongs to it may come later.
    if (ending !== '' && lines.length === 0) lineEnd = ending
    const colon = line.indexOf(':')
    const rest = colon === -1 ? '' : line.slice(colon + 1)
    lines.push({
      start,
      end: start + line.length,
      next: start + line.length + ending.length,
      field: colon === -1 ? line : line.slice(0, colon),
      value: rest.startsWith(' ') ? rest.slice(1) : rest,
    })
  }
  return { text, lines, data: lines.filter(({ field }) => field === 'data'), lineEnd }
}

/** Data that an SDK can read: JSON, or the end of the stream. */
export function isWhole(data: string): boolean {
  return isDone(data) || isJson(data)
}

export function isDone(data: string): boolean {
  return data.trim() === '[DONE]'
}

export function isJson(data: string): boolean {
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

/** Whether data begins like an object or a list, as the data of every event does. */
export function beginsValue(data: string): boolean {
  return /^\s*[[{]/.test(data)
}
