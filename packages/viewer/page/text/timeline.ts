import type { ReadAnswer } from '../../src/api/answers.ts'

/** A stretch of a stream's time. Milliseconds since it began. */
export interface Stretch {
  /**
   * `request` before the first read, `wait` for the network, `idle` for the application, `end` after the last read, and
   * `silence` where that was a wait for bytes that never came.
   */
  readonly kind: 'request' | 'wait' | 'idle' | 'end' | 'silence'
  readonly fromMs: number
  readonly toMs: number
  /** The read that a wait ended with. */
  readonly read: ReadAnswer | null
}

/** What a stream's time is told apart by. */
export interface StreamTime {
  readonly reads: readonly ReadAnswer[]
  readonly durationMs: number
  readonly end: string | null
  readonly maxGapMs: number | null
}

/** Ends at which the application waited for bytes. */
const WAITING_ENDS: ReadonlySet<string | null> = new Set(['eof', 'transport_error', 'consumer_timeout'])

/** Tells a stream's time apart: who kept whom waiting. */
export function toStretches({ reads, durationMs, end, maxGapMs }: StreamTime): readonly Stretch[] {
  const stretches: Stretch[] = []
  let atMs = 0
  for (const [i, read] of reads.entries()) {
    if (read.askedMs > atMs) {
      // The reads before the first one that is kept are unknown: so is whose time that was.
      const kind = i === 0 ? 'request' : 'idle'
      stretches.push({ kind, fromMs: atMs, toMs: read.askedMs, read: null })
    }
    const fromMs = Math.max(atMs, read.askedMs)
    atMs = Math.max(fromMs, read.cameMs)
    stretches.push({ kind: 'wait', fromMs, toMs: atMs, read })
  }
  if (durationMs > atMs && reads.length > 0) {
    // No read came of it, so that no span tells of this wait; the longest wait of the stream does, if it is that long.
    const isSilence = WAITING_ENDS.has(end) && (maxGapMs ?? 0) > (durationMs - atMs) / 2
    stretches.push({ kind: isSilence ? 'silence' : 'end', fromMs: atMs, toMs: durationMs, read: null })
  }
  return stretches
}

/** The longest wait for the network after the first byte. */
export function longestWait(stretches: readonly Stretch[]): Stretch | null {
  const waits = stretches.filter(({ kind }) => kind === 'wait' || kind === 'silence').slice(1)
  return waits.reduce<Stretch | null>(
    (longest, wait) => (longest === null || length(wait) > length(longest) ? wait : longest),
    null,
  )
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
