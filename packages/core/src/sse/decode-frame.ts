/** One frame of an event stream, decoded. */
export interface DecodedFrame {
  /** Value of the last `event:` field; empty where there was none. */
  readonly event: string
  /** Values of the `data:` fields, joined by line feeds as the standard says. */
  readonly data: string
  readonly dataLines: readonly string[]
  /** Lines that are no field of the standard: what a raw line break inside a value leaves behind, say. */
  readonly otherLines: readonly string[]
}

/**
 * Decodes one frame from its bytes. A frame cut short decodes as far as it goes: the last line counts without its end.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  let event = ''
  const dataLines: string[] = []
  const otherLines: string[] = []
  for (const line of decode(bytes).split(/\r\n|\r|\n/)) {
    if (line === '' || line.startsWith(':')) continue
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const raw = colon === -1 ? '' : line.slice(colon + 1)
    const value = raw.startsWith(' ') ? raw.slice(1) : raw
    if (name === 'data') dataLines.push(value)
    else if (name === 'event') event = value
    else if (name !== 'id' && name !== 'retry') otherLines.push(line)
  }
  return { event, data: dataLines.join('\n'), dataLines, otherLines }
}

/**
 * The byte offset in a frame of a character of its data.
 *
 * @param dataIndex index into `DecodedFrame.data`, in UTF-16 units; beyond its end is the end of the last value
 */
export function locateInFrame(bytes: Uint8Array, dataIndex: number): number {
  let left = dataIndex
  let end = bytes.length
  for (const line of linesOf(bytes)) {
    const text = decode(bytes.subarray(line.start, line.end))
    if (!/^data(:|$)/.test(text)) continue
    const prefix = /^data(: ?)?/.exec(text)?.[0].length ?? 0
    const value = text.slice(prefix)
    if (left <= value.length) return line.start + utf8Length(text.slice(0, prefix + left))
    end = line.end
    // One unit for the line feed that joins two values.
    left -= value.length + 1
  }
  return end
}

/** Only the one mark before the whole body is stripped, and it is in no frame: any other belongs to its line. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

function* linesOf(bytes: Uint8Array): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0x0a && bytes[i] !== 0x0d) continue
    if (i > start) yield { start, end: i }
    start = i + 1
  }
}
