import type { ErrorFacts } from '@streamgauge/core'
import { BAD_FRAMING, BODY_ENDS, STREAM_RESET } from './body-ends.ts'
import type { NoteEnd } from './framing.ts'

/** What curl says at its end where stderr went into the same file, and what an HTTP client of Node.js would say then. */
const ENDS: Readonly<Record<string, ErrorFacts | undefined>> = {
  16: STREAM_RESET,
  18: BODY_ENDS.close,
  28: BODY_ENDS.timeout,
  56: BODY_ENDS.reset,
  61: { names: ['TypeError', 'Error'], codes: ['Z_DATA_ERROR'] },
  92: STREAM_RESET,
}

/** The same where no byte of an answer came: names and codes of the SDK's error. */
const FAILURES: Readonly<Record<string, ErrorFacts>> = {
  6: connectionError('ENOTFOUND'),
  7: connectionError('ECONNREFUSED'),
  28: { names: ['APIConnectionTimeoutError'], codes: [] },
  52: connectionError('UND_ERR_SOCKET'),
  56: connectionError('ECONNRESET'),
}

/** Longest note that is looked for, in bytes. */
const MAX_NOTE_BYTES = 512

/** Where stdout is a file, curl's own buffer may reach it after the note. */
export const LEADING_NOTE: RegExp = /^curl: \((\d{1,2})\) ([^\r\n"]*)\r?\n/

// It may stand right behind a byte of the body, where that was cut.
const NOTE = /curl: \((\d{1,2})\) ([^\r\n"]*)\r?\n?$/

/** Leaves out the line with which curl ends, and notes what it says. */
export async function* withoutCurlNote(
  source: AsyncIterable<Uint8Array>,
  noteEnd: NoteEnd,
): AsyncGenerator<Uint8Array, void> {
  let tail = Buffer.alloc(0)
  for await (const piece of source) {
    const all = tail.length === 0 ? Buffer.from(piece) : Buffer.concat([tail, piece])
    const from = Math.max(0, all.length - MAX_NOTE_BYTES)
    if (from > 0) yield all.subarray(0, from)
    tail = Buffer.from(all.subarray(from))
  }
  const note = NOTE.exec(tail.toString('latin1'))
  const body = note === null ? tail : tail.subarray(0, note.index)
  if (body.length > 0) yield body
  if (note !== null) noteCurl(note, noteEnd)
}

/** Why there is no answer at all, by what curl says. */
export function readFailure([, code = '', text = '']: RegExpExecArray): {
  readonly failure: ErrorFacts
  readonly evidence: string
} {
  return { failure: FAILURES[code] ?? connectionError(), evidence: wordsOf(code, text) }
}

function connectionError(...codes: readonly string[]): ErrorFacts {
  return { names: ['APIConnectionError'], codes }
}

function wordsOf(code: string, text: string): string {
  return `curl ended with (${code}) ${text}`.trimEnd()
}

/** Notes what curl says of its end. */
export function noteCurl([, code = '', text = '']: RegExpExecArray, noteEnd: NoteEnd): void {
  // One code is for all that goes wrong while receiving, bad framing among it.
  const error = code === '56' && /chunk|hexadecimal/i.test(text) ? BAD_FRAMING : ENDS[code]
  if (error !== undefined) noteEnd({ error, evidence: wordsOf(code, text) })
}
