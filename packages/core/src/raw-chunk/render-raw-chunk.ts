import { createUtf8Checker } from '../utf8-checker.ts'
import { maskBytes, textOfBytes } from './byte-text.ts'
import { type ChunkWindow, windowOf } from './chunk-window.ts'
import { cutChunk } from './cut-chunk.ts'
import { type ChunkStart, maskChunk } from './mask.ts'
import { BYTES, UTF8 } from './measure.ts'
import { redactSecrets } from './redact-secrets.ts'

/** How {@link renderRawChunk} records a chunk. */
export interface RawChunkOptions {
  /** `masked` keeps nothing that the model said; `full` keeps all but secrets. */
  readonly mode: 'masked' | 'full'
  /** Most bytes of the record, in UTF-8; for base64, of its letters. At least 64 to leave room for the marker of a cut. */
  readonly maxBytes: number
  /** Where the chunk broke: a byte offset into it, up to its length. */
  readonly breakAt?: number | undefined
  /**
   * What is known of the place where the chunk begins. Where it is `unknown`, HTML and JSON that are no event stream are
   * masked too, and it may begin inside a character.
   *
   * @defaultValue 'unknown'
   */
  readonly start?: ChunkStart | undefined
}

/** A chunk as it is recorded. */
export interface RawChunk {
  /** The chunk as text; its bytes in base64 when they aren't UTF-8. */
  readonly text: string
  readonly encoding: 'utf-8' | 'base64'
  /** Bytes of the chunk before anything was cut. */
  readonly size: number
  /** True when something was cut out. */
  readonly truncated: boolean
  /** Where it broke: a UTF-16 index into `text`; for base64, a byte offset into what it decodes to. */
  readonly breakAt?: number
}

/**
 * Renders a chunk's bytes for a span attribute: without secrets, masked unless all may show, and at most `maxBytes` long.
 *
 * When it is too long, 256 bytes of its head and as many of its tail as fit are kept, with `…[1234 bytes left out]…`
 * between; where it broke in between, the surroundings of that place take the room of the tail. Cuts are between
 * characters. A character of which the chunk has only the last bytes (at an unknown start) or the first (at the end)
 * shows as U+FFFD; the chunk is text nevertheless. Any other bytes that aren't UTF-8 make it base64, masked byte for
 * byte. Of a chunk beyond 64 KiB only the head and the surroundings of its end, or of the break, are looked at.
 */
export function renderRawChunk(bytes: Uint8Array, options: RawChunkOptions): RawChunk {
  const start = options.start ?? 'unknown'
  const breakAt = options.breakAt === undefined ? undefined : Math.min(Math.max(0, options.breakAt), bytes.length)
  const window = windowOf(bytes, options.maxBytes, breakAt)
  const head = bytes.subarray(0, window.headEnd)
  const rest = bytes.subarray(window.from, window.to)
  const isText = isTextPiece(head, start) && isTextPiece(rest, 'unknown')
  const render = isText ? renderText : renderBytes
  return render({ bytes, head, rest, window, start, breakAt, mode: options.mode, maxBytes: options.maxBytes })
}

interface Parts {
  readonly bytes: Uint8Array
  readonly head: Uint8Array
  readonly rest: Uint8Array
  readonly window: ChunkWindow
  readonly start: ChunkStart
  readonly breakAt: number | undefined
  readonly mode: 'masked' | 'full'
  readonly maxBytes: number
}

function renderText(parts: Parts): RawChunk {
  const { head, rest, window, mode } = parts
  const headText = decode(head)
  const restText = decode(rest)
  const whole = headText + restText
  const shown = show(headText, mode, parts.start) + show(restText, mode, 'unknown')
  const at = parts.breakAt
  const inHead = at === undefined || at <= window.headEnd
  const breakAt =
    at === undefined
      ? undefined
      : inHead
        ? indexOfByte(head, at)
        : headText.length + indexOfByte(rest, at - window.from)
  const cut = cutChunk(
    {
      text: shown,
      measure: UTF8,
      bytesBehind: (from, to) => UTF8.size(whole, from, to),
      gap: { at: headText.length, bytes: window.from - window.headEnd },
      bytesAfter: parts.bytes.length - window.to,
      breakAt: breakAt === undefined ? undefined : Math.min(breakAt, shown.length),
      marker,
    },
    parts.maxBytes,
  )
  return result(cut.text, 'utf-8', parts, cut)
}

function renderBytes(parts: Parts): RawChunk {
  const { head, rest, window, mode } = parts
  const shown = showBytes(head, mode, parts.start) + showBytes(rest, mode, 'unknown')
  const at = parts.breakAt
  const breakAt = at === undefined || at <= window.headEnd ? at : at - window.from + head.length
  const cut = cutChunk(
    {
      text: shown,
      measure: BYTES,
      bytesBehind: BYTES.size.bind(undefined, shown),
      gap: { at: head.length, bytes: window.from - window.headEnd },
      bytesAfter: parts.bytes.length - window.to,
      breakAt,
      marker: (bytesLeftOut) => textOfBytes(new TextEncoder().encode(marker(bytesLeftOut))),
    },
    // Base64 makes four letters of three bytes.
    Math.floor(parts.maxBytes / 4) * 3,
  )
  return result(btoa(cut.text), 'base64', parts, cut)
}

function result(
  text: string,
  encoding: RawChunk['encoding'],
  parts: Parts,
  cut: { readonly truncated: boolean; readonly breakAt: number | undefined },
): RawChunk {
  const chunk = { text, encoding, size: parts.bytes.length, truncated: cut.truncated }
  return cut.breakAt === undefined ? chunk : { ...chunk, breakAt: cut.breakAt }
}

function marker(bytesLeftOut: number): string {
  return `…[${bytesLeftOut} bytes left out]…`
}

function show(text: string, mode: 'masked' | 'full', start: ChunkStart): string {
  const redacted = redactSecrets(text)
  return mode === 'full' ? redacted : maskChunk(redacted, start)
}

function showBytes(bytes: Uint8Array, mode: 'masked' | 'full', start: ChunkStart): string {
  const redacted = redactSecrets(textOfBytes(bytes))
  if (mode === 'full') return redacted
  return maskBytes(
    Uint8Array.from(redacted, (byte) => byte.charCodeAt(0)),
    start,
  )
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** True when the bytes are UTF-8 but for a character cut off at the end, or at the beginning where that is unknown. */
function isTextPiece(bytes: Uint8Array, start: ChunkStart): boolean {
  const checker = createUtf8Checker()
  checker.push(bytes.subarray(start === 'unknown' ? continuationsAtStart(bytes) : 0))
  return checker.invalidAt < 0
}

function continuationsAtStart(bytes: Uint8Array): number {
  let count = 0
  while (count < 3 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count++
  return count
}

/** Where the character of a byte stands in the decoded text. A byte inside a character counts as the next character. */
function indexOfByte(bytes: Uint8Array, offset: number): number {
  let index = 0
  const partial = continuationsAtStart(bytes)
  for (let at = 0; at < offset; at++) {
    const byte = bytes[at] ?? 0
    if (at < partial || (byte & 0xc0) !== 0x80) index += byte >= 0xf0 ? 2 : 1
  }
  return index
}
