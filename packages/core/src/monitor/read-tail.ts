import { takeEvent } from '../answer/take-event.ts'
import type { Tail } from '../faults/evidence.ts'
import { parseJson } from '../json/parse-json.ts'
import { decodeFrame } from '../sse/decode-frame.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** What stands after the last blank line, and whether it says `[DONE]`. */
export interface TailFinding {
  readonly tail: Tail
  readonly isDone: boolean
}

const NOTHING: TailFinding = { tail: 'none', isDone: false }

/**
 * Reads what a body leaves after its last blank line. A whole event there is taken into the answer, unless the consumer
 * was handed it: openai 7 delivers it, openai 4 to 6 do not.
 */
export function readTail(monitor: StreamMonitor): TailFinding {
  const { frames } = monitor
  if (!frames.hasOpenFrame || frames.doneAtEvent !== -1) return NOTHING
  // A reader that stopped at an event before never comes to it.
  if (monitor.badEvent !== undefined || monitor.errorEvent !== undefined) return NOTHING
  if (monitor.taken > frames.events) return { tail: 'whole', isDone: false }
  const { bytes, offset } = monitor.bytesBetween(frames.frameStart, frames.bytes)
  if (offset > frames.frameStart) return { tail: 'cut', isDone: false }
  const frame = decodeFrame(bytes)
  if (frame.data.startsWith(DONE)) return { tail: 'none', isDone: true }
  // A terminator that lost its own last bytes takes nothing from an answer that is finished.
  if (DONE.startsWith(frame.data) && frame.event === '' && monitor.answer.everyChoiceFinished) return NOTHING
  const value = parseJson(frame.data)
  if (value === undefined) return { tail: 'cut', isDone: false }
  takeEvent(monitor.answer, value, frames.events, frame.event === 'error')
  return { tail: 'whole', isDone: false }
}

const DONE = '[DONE]'
