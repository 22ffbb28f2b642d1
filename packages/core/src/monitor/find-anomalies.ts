import { ANOMALY_ATTR, ATTR } from '../semconv.ts'
import type { Outcome } from '../vocabulary.ts'
import { explainAnomaly, type SeenAnomaly } from './explain-anomaly.ts'
import type { Anomaly, Fault } from './report.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** What was seen beside the outcome, and why as far as that can be told. Each kind at most once, in a fixed order. */
export function findAnomalies(
  monitor: StreamMonitor,
  outcome: Outcome,
  fault: Fault | undefined,
  nowMs: number,
): Anomaly[] {
  return FINDERS.map((find) => find(monitor, outcome, nowMs))
    .filter((found) => found !== undefined)
    .map((seen) => explainAnomaly(monitor, seen, fault))
}

type Finder = (monitor: StreamMonitor, outcome: Outcome, nowMs: number) => SeenAnomaly | undefined

const FINDERS: readonly Finder[] = [
  (m) =>
    m.stalls > 0
      ? {
          type: 'stalled',
          atMs: m.stalledAtMs,
          attributes: { [ANOMALY_ATTR.GAP]: m.longestStallMs / 1000, [ANOMALY_ATTR.COUNT]: m.stalls },
        }
      : undefined,
  findBuffered,
  findCoalesced,
  (m, _, nowMs) =>
    m.utf8.invalidAt >= 0
      ? { type: 'invalid_utf8', atMs: nowMs, attributes: { [ATTR.CHUNK_OFFSET]: m.utf8.invalidAt } }
      : undefined,
  ({ answer }, _, nowMs) => sequenceAnomaly('sequence_gap', answer.sequenceGap, answer.sequenceGaps, nowMs),
  ({ answer }, _, nowMs) => sequenceAnomaly('sequence_repeat', answer.sequenceRepeat, answer.sequenceRepeats, nowMs),
  findDoneMissing,
  (m, _, nowMs) => {
    const late = m.answer.lateEvents + (m.frames.doneAtEvent === -1 ? 0 : m.frames.events - m.frames.doneAtEvent)
    return late > 0 ? { type: 'late_data', atMs: nowMs, attributes: { [ANOMALY_ATTR.COUNT]: late } } : undefined
  },
  (m, _, nowMs) => (m.frames.sawByteOrderMark ? { type: 'bom', atMs: nowMs, attributes: {} } : undefined),
  ({ answer }, outcome, nowMs) =>
    outcome === 'completed' && answer.incompleteToolCalls > 0
      ? {
          type: 'incomplete_tool_arguments',
          atMs: nowMs,
          attributes: { [ANOMALY_ATTR.COUNT]: answer.incompleteToolCalls },
        }
      : undefined,
  (m, outcome, nowMs) =>
    m.options.usageRequested === true &&
    outcome === 'completed' &&
    m.answer.usage === undefined &&
    (m.bodyEnd === 'eof' || m.sawDone)
      ? { type: 'usage_missing', atMs: nowMs, attributes: {} }
      : undefined,
]

/** Fewest events for a pattern in their arrival to mean anything: short answers come at once by themselves. */
const MIN_EVENTS = 24
/** Shortest delay that is not just how long models take to begin, or a busy machine to answer, in milliseconds. */
const MIN_DELAY_MS = 1000
/** Within this time of the first byte, everything came "at once", in milliseconds. */
const AT_ONCE_MS = 50
/** Too short for so many events to come one by one, in milliseconds; so is a tenth of the delay. */
const MAX_UNSEEN_MS = 100

/**
 * Late and at once: the first byte took at least four fifths of the whole time, and then many events came in each read. A
 * fast model, which sends one event a read, and a slow consumer, which lets reads pile up, are not buffering.
 */
function findBuffered(m: StreamMonitor): SeenAnomaly | undefined {
  const wire = m.trustedWire
  // Only what the network was waited for: a consumer that starts late is not a hop that buffers.
  const waitedMs = m.headersWaitMs + m.firstWaitMs
  const delayMs = wire === undefined ? waitedMs : Math.min(waitedMs, wire.textAtMs - m.startedAtMs)
  // Reads show what the consumer found when it came; the wire, when it was there.
  const spreadMs = wire?.spreadMs ?? spreadOfReads(m)
  // What piled up while nobody could look for it may have come one by one meanwhile.
  if (m.firstBlockedMs > Math.max(MAX_UNSEEN_MS, delayMs / 10)) return undefined
  const { events } = m.frames
  if (events < MIN_EVENTS || events / m.reads < 8 || delayMs < MIN_DELAY_MS) return undefined
  if (spreadMs > AT_ONCE_MS || delayMs < 0.8 * (delayMs + spreadMs)) return undefined
  return {
    type: 'buffered',
    atMs: m.firstReadAtMs,
    attributes: { [ANOMALY_ATTR.DELAY]: delayMs / 1000, [ANOMALY_ATTR.EVENTS_PER_READ]: events / m.reads },
  }
}

/**
 * From the first read to the last. The consumer's own time is left out only where the first read alone brought many events, for
 * which it was waiting: what came after it may have come one by one while the consumer was away.
 */
function spreadOfReads(m: StreamMonitor): number {
  return m.lastReadAtMs - m.firstReadAtMs - (m.firstReadEvents >= MIN_EVENTS ? m.consumerIdleMs : 0)
}

/** Bursts: many events in each read, with the network waited for in between. */
function findCoalesced(m: StreamMonitor): SeenAnomaly | undefined {
  const { events } = m.frames
  if (events < MIN_EVENTS || m.reads < 3 || events / m.reads < 8) return undefined
  const meanWaitMs = m.waitMs / (m.reads - 1)
  if (meanWaitMs < 100 || m.consumerIdleMs > m.waitMs) return undefined
  // What came piece by piece was not sent in bursts, however it was read.
  const wire = m.trustedWire
  if (wire !== undefined && (wire.pauses < 2 || events / (wire.pauses + 1) < 8)) return undefined
  return {
    type: 'coalesced',
    atMs: m.lastReadAtMs,
    attributes: { [ANOMALY_ATTR.EVENTS_PER_READ]: events / m.reads, [ANOMALY_ATTR.GAP]: meanWaitMs / 1000 },
  }
}

function sequenceAnomaly(
  type: 'sequence_gap' | 'sequence_repeat',
  found: { readonly expected: number; readonly received: number; readonly eventIndex: number } | undefined,
  count: number,
  nowMs: number,
): SeenAnomaly | undefined {
  if (found === undefined) return undefined
  const attributes = {
    [ANOMALY_ATTR.EXPECTED]: found.expected,
    [ANOMALY_ATTR.RECEIVED]: found.received,
    [ANOMALY_ATTR.COUNT]: count,
    [ATTR.CHUNK_INDEX]: found.eventIndex,
  }
  return { type, atMs: nowMs, attributes }
}

/** A chat answer that was finished, and ended, without its `[DONE]`. One that the consumer left is not said to lack it. */
function findDoneMissing(m: StreamMonitor, outcome: Outcome, nowMs: number): SeenAnomaly | undefined {
  if (outcome !== 'completed' || m.bodyEnd !== 'eof' || !m.answer.everyChoiceFinished) return undefined
  if (m.answer.api !== 'chat' && m.answer.api !== 'completions') return undefined
  return m.sawDone ? undefined : { type: 'done_missing', atMs: nowMs, attributes: {} }
}
