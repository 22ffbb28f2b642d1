import type { FaultCode } from '../faults/codes.ts'
import type { Evidence } from '../faults/evidence.ts'
import type { ChunkRecord } from './report.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/**
 * The chunk a fault is about: the event that could not be read, or carried the server's error; what was left of the event
 * that the end cut; what stands there instead of one; or, where the end came between two events, the last one. `undefined` where no
 * byte came.
 */
export function recordChunk(monitor: StreamMonitor, evidence: Evidence, code: FaultCode): ChunkRecord | undefined {
  const { frames } = monitor
  if (frames.bytes === 0) return undefined
  const { badEvent } = monitor
  if (badEvent !== undefined && badEvent.code === code) {
    return record(monitor, badEvent.eventIndex, badEvent.start, badEvent.end, badEvent.breakAt ?? 0)
  }
  if (code === 'upstream_error') return recordErrorEvent(monitor)
  // The whole body is the chunk where there was no event in it.
  if (frames.events === 0) return record(monitor, 0, 0, frames.bytes, undefined)
  if (evidence.tail !== 'none') {
    return record(monitor, frames.events, frames.frameStart, frames.bytes, frames.bytes - frames.frameStart)
  }
  if (evidence.leftover !== 'none') return record(monitor, frames.events, frames.lastEventEnd, frames.bytes, 0)
  const size = frames.lastEventEnd - frames.lastEventStart
  return record(monitor, frames.events - 1, frames.lastEventStart, frames.lastEventEnd, size)
}

function recordErrorEvent(monitor: StreamMonitor): ChunkRecord | undefined {
  const { frames, errorEvent, answer } = monitor
  const index = answer.upstreamErrorAt ?? frames.events
  if (errorEvent !== undefined) return record(monitor, index, errorEvent.start, errorEvent.end, undefined)
  if (index >= frames.events) return record(monitor, index, frames.frameStart, frames.bytes, undefined)
  // One that the consumer was handed as an ordinary event is found again only where it was the last.
  if (index !== frames.events - 1) return undefined
  return record(monitor, index, frames.lastEventStart, frames.lastEventEnd, undefined)
}

function record(
  monitor: StreamMonitor,
  index: number,
  start: number,
  end: number,
  breakAt: number | undefined,
): ChunkRecord {
  const { bytes, offset } = monitor.bytesBetween(start, end)
  const lost = offset - start
  const at = breakAt === undefined ? undefined : Math.max(0, breakAt - lost)
  return { bytes, index, offset, size: end - start, breakAt: at, start: startOf(monitor, start, lost) }
}

/** What the record begins with is sure only where nothing of it was lost, and nothing before it was broken. */
function startOf({ badEvent }: StreamMonitor, start: number, lost: number): ChunkRecord['start'] {
  if (lost > 0) return 'unknown'
  if (start === 0) return 'body'
  return badEvent === undefined || badEvent.start === start ? 'line' : 'unknown'
}
