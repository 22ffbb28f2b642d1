import { describeFault } from '../faults/catalogue.ts'
import { classifyFault, isComplete } from '../faults/classify.ts'
import type { FaultCode } from '../faults/codes.ts'
import type { Ending, Evidence } from '../faults/evidence.ts'
import { findCause } from '../faults/find-cause.ts'
import { findSuspects } from '../faults/hops.ts'
import type { Outcome, StreamEnd } from '../vocabulary.ts'
import { recordChunk } from './chunk-record.ts'
import { findAnomalies } from './find-anomalies.ts'
import { readBodyHead } from './body-head.ts'
import { readLeftover } from './read-leftover.ts'
import { readTail } from './read-tail.ts'
import type { Fault, StreamReport } from './report.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** Judges a stream that has ended: gathers the evidence, asks the tables, writes the report. */
export function judge(monitor: StreamMonitor, ending: Ending, nowMs: number): StreamReport {
  const evidence = gatherEvidence(monitor, ending, nowMs)
  const code = classifyFault(evidence)
  const outcome = code === undefined ? outcomeWithoutFault(evidence) : 'broken'
  const fault = code === undefined ? undefined : describe(monitor, evidence, code)
  const { answer, frames } = monitor
  return {
    api: answer.api,
    outcome,
    end: endOf(evidence, code, outcome),
    fault,
    parseErrors: fault !== undefined && isParseError(evidence, fault.code) ? 1 : 0,
    anomalies: findAnomalies(monitor, outcome, fault, nowMs),
    response: monitor.response,
    reads: monitor.reads,
    events: frames.events,
    bytes: frames.bytes,
    chunks: answer.chunks,
    startedAtMs: monitor.startedAtMs,
    endedAtMs: endOfTime(monitor, ending, nowMs),
    timeToFirstChunkMs: monitor.firstChunkAtMs === undefined ? undefined : monitor.firstChunkAtMs - monitor.startedAtMs,
    maxGapMs: monitor.maxGapMs,
    consumerIdleMs: monitor.consumerIdleMs,
    // A list that few ask for.
    get recentReads() {
      return monitor.readRing.list()
    },
    finishReasons: finishReasons(monitor, outcome, code),
    usage: answer.usage,
    responseId: answer.id,
    responseModel: answer.model,
    systemFingerprint: answer.systemFingerprint,
    serviceTier: answer.serviceTier,
    lastSequenceNumber: answer.lastSequenceNumber,
  }
}

function gatherEvidence(monitor: StreamMonitor, ending: Ending, nowMs: number): Evidence {
  const { answer, frames } = monitor
  const wasDelivered = monitor.taken > frames.events
  const { tail, isDone } = readTail(monitor)
  monitor.sawDone = isDone || monitor.readDone
  return {
    ending,
    response: monitor.response,
    bodyEnd: monitor.bodyEnd,
    bodyError: monitor.bodyError,
    events: frames.eventsBeforeDone,
    bytes: frames.bytes,
    // Responses end with an event of their own: `[DONE]` may follow it and does not stand for it.
    sawTerminator: answer.terminalEvent !== undefined || (monitor.sawDone && answer.api !== 'responses'),
    everyChoiceFinished: answer.everyChoiceFinished,
    terminatorOptional: monitor.options.terminator === 'optional',
    upstreamError: answer.upstreamErrorAt !== undefined,
    badEvent: monitor.badEvent,
    tail,
    tailDelivered: tail === 'whole' && wasDelivered,
    leftover: readLeftover(monitor),
    bodyHead: readBodyHead(monitor),
    lastWaitMs: monitor.lastWaitMs,
    longestEarlierWaitMs: monitor.longestEarlierWaitMs,
    suspects: findSuspects(monitor.response?.proxies ?? [], monitor.options.host ?? ''),
    durationMs: nowMs - monitor.startedAtMs,
  }
}

function describe(monitor: StreamMonitor, evidence: Evidence, code: FaultCode): Fault {
  return {
    code,
    detail: code === 'malformed_event' ? evidence.badEvent?.detail : undefined,
    ...findCause(code, evidence),
    remedy: describeFault(code)?.remedy ?? '',
    chunk: recordChunk(monitor, evidence, code),
  }
}

/** What nobody watches any more ended when it was last seen, not when that was noticed. */
function endOfTime(monitor: StreamMonitor, { kind }: Ending, nowMs: number): number {
  if (kind !== 'collected' && kind !== 'handed_off') return nowMs
  return Math.max(monitor.lastReadAtMs, monitor.headersAtMs ?? 0, monitor.startedAtMs)
}

/** The class says it for most; and an event cut by whatever ended the stream could not be parsed either. */
function isParseError(evidence: Evidence, code: FaultCode): boolean {
  if (code === 'empty_stream') return false
  return describeFault(code)?.class === 'parse' || evidence.tail === 'cut'
}

function outcomeWithoutFault(evidence: Evidence): Outcome {
  const { kind } = evidence.ending
  if (isComplete(evidence) || (kind === 'done' && evidence.bodyEnd !== 'none')) return 'completed'
  if (kind === 'collected') return 'abandoned'
  return kind === 'handed_off' || kind === 'threw' || kind === 'done' ? 'handed_off' : 'cancelled'
}

const END_BY_CLASS = {
  upstream: 'upstream_error',
  timeout: 'transport_error',
  transport: 'transport_error',
  parse: 'parse_error',
  truncation: 'eof',
  http: 'http_error',
} as const

/** Faults that are the end of the body itself, whatever class they are of. */
const ENDED_BY_EOF: ReadonlySet<FaultCode> = new Set([
  'truncated_event',
  'unterminated_event',
  'not_event_stream',
  'empty_stream',
])

function endOf(evidence: Evidence, code: FaultCode | undefined, outcome: Outcome): StreamEnd {
  const { kind } = evidence.ending
  if (kind !== 'done' && kind !== 'threw' && kind !== 'request_failed' && code !== 'upstream_error') return kind
  if (outcome === 'handed_off') return 'handed_off'
  if (code === undefined) return evidence.sawTerminator ? 'terminator' : 'eof'
  if (ENDED_BY_EOF.has(code)) return 'eof'
  return END_BY_CLASS[describeFault(code)?.class ?? 'transport']
}

/**
 * Finish reasons in the order of the choices. The conventions ask for `error` where a reason was due and did not come;
 * a complete answer of a server that never gives one has none missing, also where its connection failed later.
 */
function finishReasons(monitor: StreamMonitor, outcome: Outcome, code: FaultCode | undefined): string[] {
  const { finishReasons: all, choices } = monitor.answer
  const seen = all.filter((reason) => reason !== undefined)
  if (outcome === 'completed' || code === 'late_transport_error') return seen.filter((reason) => reason !== null)
  if (outcome === 'handed_off') return []
  // Which of several choices did not come shows only where each keeps its place.
  if (choices > 1) return Array.from({ length: Math.max(choices, all.length) }, (_, index) => all[index] ?? 'error')
  return seen.length === 0 ? ['error'] : seen.map((reason) => reason ?? 'error')
}
