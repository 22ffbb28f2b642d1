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
  return /^[\s[]*\{\s*"(error|detail|message|object"\s*:\s*"error)"/.test(text) ? 'json_error' : 'json'
}
