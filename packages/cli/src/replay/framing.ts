import type { BodyEnd } from './capture.ts'
import { BAD_FRAMING, BODY_ENDS } from './body-ends.ts'
import { peek } from './peek.ts'

/** Is told how a body ended. */
export type NoteEnd = (end: BodyEnd) => void

/** Longest line with the size of a chunk, in bytes. */
const MAX_SIZE_LINE = 1024

/** Whether a body still has the framing of HTTP chunks around it, as `curl --raw` leaves it. */
export async function isFramed(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly framed: boolean; readonly all: AsyncIterable<Uint8Array> }> {
  const { head, all } = await peek(source, MAX_SIZE_LINE)
  return { framed: /^[0-9a-f]+[ \t]*(?:;[^\r\n]*)?\r?\n/i.test(Buffer.from(head).toString('latin1')), all }
}

/** Takes HTTP chunks apart. What breaks their rules ends the body, and is noted. */
export async function* dechunk(source: AsyncIterable<Uint8Array>, noteEnd: NoteEnd): AsyncGenerator<Uint8Array, void> {
  let held = Buffer.alloc(0)
  /** Bytes of the chunk that are still to come; -2 to 0 are its line end. */
  let left = 0
  let isFirst = true
  for await (const piece of source) {
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece])
    while (held.length > 0) {
      if (left > 0) {
        const data = held.subarray(0, left)
        left -= data.length
        held = held.subarray(data.length)
        yield data
        continue
      }
      const line = readSizeLine(held, isFirst)
      if (line === 'more') break
      if (line === 'bad') {
        noteEnd({ error: BAD_FRAMING, evidence: 'a chunk begins without its size' })
        return
      }
      if (line.size === 0) return
      isFirst = false
      left = line.size
      held = held.subarray(line.length)
    }
  }
  noteEnd({ error: BODY_ENDS.close, evidence: 'the last chunk is missing' })
}

/** The line with a chunk's size; before each but the first stands the line end of the one before. */
function readSizeLine(
  bytes: Buffer,
  isFirst: boolean,
): { readonly size: number; readonly length: number } | 'more' | 'bad' {
  const text = bytes.toString('latin1', 0, MAX_SIZE_LINE)
  const [line, digits] = (isFirst ? FIRST_LINE : LATER_LINE).exec(text) ?? []
  if (line !== undefined && digits !== undefined) return { size: Number.parseInt(digits, 16), length: line.length }
  return bytes.length < MAX_SIZE_LINE && (isFirst || PART_OF_LINE.test(text)) ? 'more' : 'bad'
}

const FIRST_LINE = /^([0-9a-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n/i
const LATER_LINE = /^\r?\n([0-9a-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n/i
const PART_OF_LINE = /^\r?(?:\n(?:[0-9a-f]{1,12}[ \t]*(?:;[^\r\n]*)?\r?)?)?$/i

/** Reads as many bytes as were announced, and notes where there are fewer. */
export async function* limit(
  source: AsyncIterable<Uint8Array>,
  length: number,
  noteEnd: NoteEnd,
): AsyncGenerator<Uint8Array, void> {
  let left = length
  for await (const piece of source) {
    if (left === 0) return
    const part = piece.subarray(0, left)
    left -= part.length
    yield part
  }
  if (left > 0)
    noteEnd({ error: BODY_ENDS.close, evidence: `${left} bytes of the ${length} of content-length are missing` })
}
