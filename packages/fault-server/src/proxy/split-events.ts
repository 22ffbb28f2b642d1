import type { UpstreamEvent } from './proxy-fault.ts'

/** The longest event that is looked at, 1 MiB: a longer one is passed on in pieces, as something without data. */
export const MAX_EVENT_BYTES: number = 1024 * 1024

/** Two ends of lines (WHATWG §9.2.6: CR LF, LF or CR). A CR at the end of what came may be half of one. */
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n|$))/g

/** The longest piece of a blank line that the next bytes may complete. */
const BLANK_LINE_BYTES = 4

const LINE_END = /\r\n|\n|\r/

const readField = (lines: readonly string[], name: string): readonly string[] =>
  lines
    .filter((line) => line === name || line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).replace(/^ /, ''))

const readEvent = (bytes: Uint8Array): UpstreamEvent => {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(LINE_END)
  const data = readField(lines, 'data')
  const name = readField(lines, 'event').at(-1)
  if (data.length === 0) return { bytes }
  return { bytes, data: data.join('\n'), ...(name === undefined ? {} : { name }) }
}

/** Splits a body at its blank lines. Joined, the bytes of the events are the bytes of the body. */
export async function* splitEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<UpstreamEvent, void> {
  const blankLine = new RegExp(BLANK_LINE)
  let pending: Uint8Array = new Uint8Array()
  let searched = 0
  for await (const chunk of body) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    const text = Buffer.from(pending.buffer, pending.byteOffset, pending.length).toString('latin1')
    blankLine.lastIndex = Math.max(0, searched - BLANK_LINE_BYTES)
    let start = 0
    while (blankLine.test(text)) {
      yield readEvent(pending.subarray(start, blankLine.lastIndex))
      start = blankLine.lastIndex
    }
    pending = pending.subarray(start)
    if (pending.length > MAX_EVENT_BYTES) {
      yield { bytes: pending }
      pending = new Uint8Array()
    }
    searched = pending.length
  }
  if (pending.length > 0) yield { bytes: pending }
}
