import { parseJson } from '../json/parse-json.ts'
import type { Evidence } from '../faults/evidence.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** First bytes of a body that are kept to tell what it is: enough for the beginning of a page, or of an error. */
export const HEAD_BYTES = 256

/** What a body without events is, by all of it, or by its first bytes. Only asked where there was no event. */
export function readBodyHead(monitor: StreamMonitor): Evidence['bodyHead'] {
  if (monitor.frames.events > 0 || monitor.frames.bytes === 0) return 'none'
  const { bytes, offset } = monitor.bytesBetween(0, monitor.frames.bytes)
  const isWhole = offset === 0
  const text = new TextDecoder().decode(isWhole ? bytes : monitor.head).trimStart()
  if (text.startsWith('<')) return 'html'
  if (!/^[[{]/.test(text)) return 'other'
  const value = parseJson(text)
  if (value !== undefined) return isErrorDocument(value) ? 'json_error' : 'json'
  if (isDocumentPerLine(text)) return 'ndjson'
  // What is too long to be held is known by how it begins.
  return !isWhole && BEGINS_AS_ERROR.test(text) ? 'json_error' : 'json'
}

/** Some servers put the document into a list of one. */
function isErrorDocument(value: unknown): boolean {
  const document: unknown = Array.isArray(value) ? value[0] : value
  if (typeof document !== 'object' || document === null || 'choices' in document) return false
  // A whole response of Responses says `error: null`.
  return ERROR_KEYS.some((key) => Boolean((document as Readonly<Record<string, unknown>>)[key]))
}

/** Whether the first line is a document, and another one begins after it. */
function isDocumentPerLine(text: string): boolean {
  const end = text.indexOf('\n')
  return end > 0 && parseJson(text.slice(0, end)) !== undefined && text.slice(end).trimStart().startsWith('{')
}

/** What bodies that say why there is no stream are known by. */
const ERROR_KEYS = ['error', 'errors', 'detail', 'message', 'fault', 'error_code', 'error_msg']
const BEGINS_AS_ERROR = new RegExp(`^\\[?\\s*\\{\\s*"(${ERROR_KEYS.join('|')})"`)
