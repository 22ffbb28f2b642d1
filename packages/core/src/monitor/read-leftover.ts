import type { Leftover } from '../faults/evidence.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/**
 * What a body says after its last event that is no event: an error page that a proxy appended, or a line such as
 * `error: {…}` that no rule of the standard reads. The standard ignores it; a person would not.
 */
export function readLeftover(monitor: StreamMonitor): Leftover {
  const { frames } = monitor
  if (frames.events === 0 || frames.bytes === frames.lastEventEnd) return 'none'
  // What stands there in most streams.
  if (frames.doneStart === frames.lastEventEnd && frames.doneEnd === frames.bytes) return 'none'
  const { bytes } = monitor.bytesBetween(frames.lastEventEnd, frames.bytes)
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  const first = lines.find((line) => line.trim() !== '' && !IS_EVENT_STREAM.test(line))?.trim() ?? ''
  if (first.startsWith('<')) return 'html'
  return /^\W*error\b/i.test(first) ? 'error' : first === '' ? 'none' : 'other'
}

/** Comments, and fields of the standard, whole or cut short. */
const IS_EVENT_STREAM = /^(:|(data|event|id|retry)(:|$)|(d|da|dat|e|ev|eve|even|i|r|re|ret|retr)$)/
