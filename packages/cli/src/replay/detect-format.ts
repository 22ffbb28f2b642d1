import { isUtf8 } from 'node:buffer'
import type { CaptureFormat } from './capture.ts'

/** What the first bytes of a file are: a form of capture, or what it is instead. */
export type Detected = CaptureFormat | 'progress' | 'binary' | 'other'

/** Bytes that it is told from. */
export const DETECTED_BYTES = 65_536

const BYTE_ORDER_MARK = /^\ufeff/

/** The form of a capture, by its first bytes. */
export function detectFormat(head: Uint8Array): Detected {
  const text = Buffer.from(head).toString('utf8').replace(BYTE_ORDER_MARK, '')
  if (/^\s*HTTP\/\d(\.\d)? \d{3}\b/.test(text)) return 'curl'
  if (/^\s*\{\s*"log"\s*:\s*\{/.test(text)) return 'har'
  if (/^\s*[{["]/.test(text) && /streamgauge\.chunk\.raw/.test(text)) return 'chunk'
  if (CHUNK_IN_QUOTES.test(text)) return 'chunk'
  if (/^\s*% Total +% Received/.test(text)) return 'progress'
  if (EVENT_FIELD.test(text)) return 'body'
  // A page or a document in the place of a stream is what a fault is about.
  if (/^\s*[<{[]/.test(text)) return 'body'
  // The last character may be cut off by the look.
  const isText = !head.includes(0) && isUtf8(head.subarray(0, Math.max(0, head.length - 3)))
  return isText ? 'other' : 'binary'
}

/** A chunk that was copied as JSON has it: its beginning, or what was left of it. */
const CHUNK_IN_QUOTES = /^\s*"(?:(?:data|event|id|retry)?:|\s*[<{[…])|^\s*"[^"]*\\n(?:data|event):/

/** A line that only an event stream has. */
const EVENT_FIELD = /(?:^|\r|\n)(?:data|event|id|retry)?:/
