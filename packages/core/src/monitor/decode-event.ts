import { takeEvent } from '../answer/take-event.ts'
import { describeMalformed } from '../json/malformed-detail.ts'
import { parseJson } from '../json/parse-json.ts'
import { decodeFrame, locateInFrame } from '../sse/decode-frame.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** Decodes an event from its bytes: into the answer, or as the one that could not be read, or that brought an error. */
export function decodeEvent(
  monitor: StreamMonitor,
  { index, start, end, isEmpty }: { index: number; start: number; end: number; isEmpty: boolean },
): void {
  // A reader stops at the first event it fails on, and at `[DONE]`: what comes after is nobody's.
  if (monitor.badEvent !== undefined || monitor.errorEvent !== undefined) return
  const { frames } = monitor
  if (index >= frames.eventsBeforeDone) return
  const isErrorEvent = index === frames.errorEventIndex
  if (isEmpty && !isErrorEvent) {
    monitor.badEvent = { code: 'empty_event', eventIndex: index, start, end }
    return
  }
  const { bytes, offset } = monitor.bytesBetween(start, end)
  if (offset > start) return
  const frame = decodeFrame(bytes)
  const value = parseJson(frame.data)
  if (value === undefined && !isErrorEvent) {
    const { detail, index: breakAt } = describeMalformed(frame.data, frame.dataLines, frame.otherLines)
    const breakByte = locateInFrame(bytes, breakAt)
    monitor.badEvent = { code: 'malformed_event', detail, eventIndex: index, start, end, breakAt: breakByte }
    return
  }
  monitor.taken = index + 1
  // The SDKs hand events of assistants over with their names, without which their data says little.
  const handed = frame.event.startsWith('thread.') ? { event: frame.event, data: value } : value
  const kind = takeEvent(monitor.answer, handed, index, isErrorEvent)
  if (kind === 'output') monitor.firstChunkAtMs ??= monitor.lastReadAtMs
  if (kind === 'error') monitor.errorEvent = { start, end }
}
