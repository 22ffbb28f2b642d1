import { describeAnomaly } from '../faults/anomaly-catalogue.ts'
import type { CauseFinding } from '../faults/find-cause.ts'
import { findSuspects } from '../faults/hops.ts'
import { isBlock } from '../recorder/wire-record.ts'
import type { AnomalyType, Cause } from '../vocabulary.ts'
import type { Anomaly, Fault } from './report.ts'
import type { StreamMonitor } from './stream-monitor.ts'

/** An anomaly as it was seen. */
export type SeenAnomaly = Pick<Anomaly, 'type' | 'atMs' | 'attributes'>

/** Adds what the catalogue advises, and why it came about, as far as that can be told. */
export function explainAnomaly(monitor: StreamMonitor, seen: SeenAnomaly, fault: Fault | undefined): Anomaly {
  const description = describeAnomaly(seen.type)
  const compressed = isCompressed(monitor) ? description?.remedyWhenCompressed : undefined
  return { ...seen, remedy: compressed ?? description?.remedy ?? '', ...causeOf(monitor, seen, fault) }
}

function causeOf(monitor: StreamMonitor, seen: SeenAnomaly, fault: Fault | undefined): CauseFinding | undefined {
  if (seen.type === 'stalled') return causeOfStall(monitor, seen, fault)
  return seen.type === 'buffered' || seen.type === 'coalesced' ? causeOfBuffering(monitor, seen.type) : undefined
}

/** A stall that the end cut short has the cause of the end, where that is a timer; one that many events ended was held back. */
function causeOfStall(
  monitor: StreamMonitor,
  { atMs }: SeenAnomaly,
  fault: Fault | undefined,
): CauseFinding | undefined {
  if (fault !== undefined && atMs > monitor.lastReadAtMs && TIMERS.has(fault.cause)) {
    const { cause, confidence, evidence } = fault
    return { cause, confidence, evidence }
  }
  if (monitor.eventsAfterStall < MANY_EVENTS) return undefined
  return {
    cause: 'proxy_buffering',
    confidence: 'guess',
    evidence: `${monitor.eventsAfterStall} events came at once when it was over`,
  }
}

const TIMERS: ReadonlySet<Cause> = new Set(['proxy_idle_timeout', 'client_timeout', 'client_http_timeout'])

/** Events in one read that a model does not send at once. */
const MANY_EVENTS = 8

/**
 * Who held the answer back. Compression that flushes late and a proxy's buffers leave traces; that of a hop which merely stands
 * there explains an answer that came whole, yet not bursts, which providers send as well.
 */
function causeOfBuffering(monitor: StreamMonitor, type: AnomalyType): CauseFinding {
  const { response, options } = monitor
  const suspects = findSuspects(response?.proxies ?? [], options.host ?? '')
  const compressed = isCompressed(monitor)
  const blocks = compressed ? 0 : countBlocks(monitor)
  const hasLength = type === 'buffered' && response?.framing === 'length'
  const signs = [
    compressed
      ? `the answer is compressed (${response?.contentEncoding ?? ''}), which holds text back until it is flushed`
      : '',
    blocks >= MIN_BLOCKS ? `${blocks} reads are blocks of exactly 4 or 8 KiB` : '',
    hasLength ? 'its length was known before its first byte (Content-Length)' : '',
    suspects.length > 0 ? `the response came through ${suspects.join(', ')}` : '',
  ].filter((sign) => sign !== '')
  const isLikely = compressed || blocks >= MIN_BLOCKS || hasLength || (type === 'buffered' && suspects.length > 0)
  return {
    cause: 'proxy_buffering',
    confidence: isLikely ? 'likely' : 'guess',
    evidence:
      signs.length === 0 ? 'nothing in the response tells who held it back; it may be the provider' : signs.join('; '),
  }
}

/** One read has the size of a page by chance now and then. */
const MIN_BLOCKS = 2

/** Of the pieces of the wire where those are known, else of the last reads. */
function countBlocks(monitor: StreamMonitor): number {
  const read = monitor.readRing.list().filter(({ size }) => isBlock(size)).length
  return Math.max(read, monitor.trustedWire?.blocks ?? 0)
}

function isCompressed({ response }: StreamMonitor): boolean {
  const encoding = response?.contentEncoding?.trim().toLowerCase() ?? ''
  return encoding !== '' && encoding !== 'identity'
}
