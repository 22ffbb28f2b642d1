import type { ReadAnswer } from '../../src/api/answers.ts'

/** A stretch of a stream's time. Milliseconds since it began. */
export interface Stretch {
  /**
   * `request` before the first read; `unrecorded` where reads came of which none was kept; `wait` for the network; `idle` for
   * the application; `silence` for a wait after the last read, for bytes that never came; `end` for what comes after it
   * otherwise.
   */
  readonly kind: 'request' | 'unrecorded' | 'wait' | 'idle' | 'silence' | 'end'
  readonly fromMs: number
  readonly toMs: number
  /** Whether no read tells of it: then it is worked out from the stream's end and its sums. */
  readonly isInferred: boolean
  /** The read that a wait ended with. */
  readonly read: ReadAnswer | null
}

/** What a stream's time is told apart by. */
export interface StreamTime {
  readonly reads: readonly ReadAnswer[]
  readonly durationMs: number
  readonly end: string | null
  readonly maxGapMs: number | null
  /** How long the application kept the stream waiting, in all. */
  readonly consumerIdleMs: number | null
}

/** Ends at which the application waited for bytes. */
const WAITING_ENDS: ReadonlySet<string | null> = new Set(['eof', 'transport_error', 'consumer_timeout'])

/** Two clocks that differ by no more say the same. Share of the longer, and milliseconds. */
const TOLERANCE = { share: 0.02, ms: 0.2 }

/** Tells a stream's time apart: who kept whom waiting. */
export function toStretches(stream: StreamTime): readonly Stretch[] {
  const { reads, durationMs } = stream
  const [first] = reads
  if (first === undefined) {
    return durationMs > 0 ? [{ kind: 'request', fromMs: 0, toMs: durationMs, isInferred: false, read: null }] : []
  }
  const stretches: Stretch[] = []
  let atMs = 0
  for (const [i, read] of reads.entries()) {
    if (read.askedMs > atMs) {
      // The reads before the first one that is kept are unknown: so is whose time that was.
      const before = read.index === null || read.index === 0 ? 'request' : 'unrecorded'
      stretches.push({
        kind: i === 0 ? before : 'idle',
        fromMs: atMs,
        toMs: read.askedMs,
        isInferred: false,
        read: null,
      })
    }
    const fromMs = Math.max(atMs, read.askedMs)
    atMs = Math.max(fromMs, read.cameMs)
    stretches.push({ kind: 'wait', fromMs, toMs: atMs, isInferred: false, read })
  }
  return durationMs > atMs ? [...stretches, ...afterLastRead(stream, stretches, atMs)] : stretches
}

/**
 * Of the time after the last read no read tells. Where the application waited for more, that time is the application's up to
 * when it asked, and the network's from then on: what the application took is the stream's sum less what the reads tell of.
 * Where it is the longest wait of all, the stream has recorded its length.
 */
function afterLastRead(stream: StreamTime, stretches: readonly Stretch[], fromMs: number): readonly Stretch[] {
  const { reads, durationMs, end, maxGapMs } = stream
  const stretch = (kind: Stretch['kind'], begin: number, toMs: number, isInferred: boolean): readonly Stretch[] =>
    toMs > begin ? [{ kind, fromMs: begin, toMs, isInferred, read: null }] : []
  if (!WAITING_ENDS.has(end)) return stretch('end', fromMs, durationMs, false)
  const longestMs = maxGapMs ?? 0
  if (stream.consumerIdleMs === null || reads[0]?.index !== 0) {
    const isSilence = longestMs > (durationMs - fromMs) / 2
    return stretch(isSilence ? 'silence' : 'end', fromMs, durationMs, isSilence)
  }
  const seenIdleMs = sumOf(stretches, 'idle')
  const askedMs = Math.min(durationMs, fromMs + Math.max(0, stream.consumerIdleMs - seenIdleMs))
  const leftMs = durationMs - askedMs
  const isRecorded = Math.abs(longestMs - leftMs) <= Math.max(TOLERANCE.ms, leftMs * TOLERANCE.share)
  // No wait is longer than the longest one: what is left over came after it.
  const waitedMs = isRecorded || maxGapMs === null ? durationMs : askedMs + Math.min(leftMs, longestMs)
  return [
    ...stretch('idle', fromMs, askedMs, true),
    ...stretch('silence', askedMs, waitedMs, !isRecorded),
    ...stretch('end', waitedMs, durationMs, false),
  ]
}

/** The longest wait for the network after the first byte. */
export function longestWait(stretches: readonly Stretch[]): Stretch | null {
  const waits = stretches.filter(({ kind }) => kind === 'wait' || kind === 'silence').slice(1)
  return waits.reduce<Stretch | null>(
    (longest, wait) => (longest === null || length(wait) > length(longest) ? wait : longest),
    null,
  )
}

/** How long all stretches of a kind are together. Milliseconds. */
export function sumOf(stretches: readonly Stretch[], ...kinds: readonly Stretch['kind'][]): number {
  return stretches.filter(({ kind }) => kinds.includes(kind)).reduce((sum, one) => sum + length(one), 0)
}

export function length({ fromMs, toMs }: Stretch): number {
  return toMs - fromMs
}

/** Round marks for an axis of so many milliseconds. */
export function axisMarks(durationMs: number): readonly number[] {
  if (!(durationMs > 0) || !Number.isFinite(durationMs)) return [0]
  const rough = durationMs / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, i) => i * step)
}
