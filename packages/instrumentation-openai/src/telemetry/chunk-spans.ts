import { SpanKind, type Context, type Tracer } from '@opentelemetry/api'
import type { StreamReport } from '@streamgauge/core'
import { ATTR, EVENT } from '@streamgauge/core/semconv'
import type { ChunkSpansMode } from '../options.ts'
import { takeOfBurst } from './chunk-span-burst.ts'

/** Reads kept before a fault. */
export const READS_BEFORE_FAULT = 32

/** How many reads a stream's recorder has to keep for its chunk spans. */
export function readsToRecord(mode: ChunkSpansMode, maxChunkSpans: number): number {
  return mode === 'off' ? 0 : mode === 'all' ? maxChunkSpans : READS_BEFORE_FAULT
}

/** Whether the reads of this stream get spans. */
export function wantsChunkSpans(report: StreamReport, mode: ChunkSpansMode): boolean {
  return mode === 'all' || (mode === 'on_fault' && report.fault !== undefined)
}

/**
 * Makes a span of each recorded read, as long as it was waited for; of the last ones, where very many streams end at once.
 *
 * @param toEpochMs turns a time of the report into milliseconds since the epoch
 * @returns how many reads got none, of those that should have
 */
export function emitChunkSpans(
  tracer: Tracer,
  context: Context,
  report: StreamReport,
  mode: ChunkSpansMode,
  toEpochMs: (ms: number) => number,
): number {
  const recorded = report.recentReads.length
  // Who asks for all has to see to the queue.
  const made = mode === 'all' ? recorded : takeOfBurst(recorded, report.endedAtMs)
  for (const read of report.recentReads.slice(recorded - made)) {
    const options = {
      kind: SpanKind.INTERNAL,
      startTime: toEpochMs(read.pulledAtMs),
      attributes: {
        [ATTR.CHUNK_INDEX]: read.index,
        [ATTR.CHUNK_OFFSET]: read.offset,
        [ATTR.CHUNK_SIZE]: read.size,
      },
    }
    tracer.startSpan(EVENT.CHUNK_SPAN, options, context).end(toEpochMs(read.arrivedAtMs))
  }
  return (mode === 'all' ? report.reads : recorded) - made
}
