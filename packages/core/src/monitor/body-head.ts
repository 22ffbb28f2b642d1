import { parseJson } from '../json/parse-json.ts'
import type { Evidence } from '../faults/evidence.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** What a body without events is, by its first bytes. Only asked where there was no event. */
export function readBodyHead(monitor: StreamMonitor): Evidence['bodyHead'] {
  if (monitor.frames.events > 0 || monitor.frames.bytes === 0) return 'none'
  const { bytes, offset } = monitor.bytesBetween(0, monitor.frames.bytes)
  if (offset > 0) return 'other'
  const text = new TextDecoder().decode(bytes).trimStart()
  if (text.startsWith('<')) return 'html'
  if (!/^[[{]/.test(text)) return 'other'
  const value = parseJson(text)
  const isError = typeof value === 'object' && value !== null && ERROR_KEYS.some((key) => key in value)
  return isError && !('choices' in value) ? 'json_error' : 'json'
}

/** What bodies that say why there is no stream are known by. */
const ERROR_KEYS = ['error', 'detail', 'message']
