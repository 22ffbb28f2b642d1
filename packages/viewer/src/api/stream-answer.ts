import type { FoundStream } from '../queries/find-streams.ts'
import type { SpanRow } from '../queries/spans.ts'
import type { Store } from '../store/store.ts'
import type { ReadAnswer, SpanAnswer, StreamAnswer, StreamSummary } from './answers.ts'

import { describeAnomaly, describeFault } from '@streamgauge/core'
import { ATTR } from '@streamgauge/core/semconv'

import { chunkSpans } from '../queries/chunk-spans.ts'
import { faultLogs } from '../queries/fault-logs.ts'
import { traceSpans } from '../queries/trace-spans.ts'
import { CAUSE_MEANINGS, CONFIDENCE_MEANINGS } from './cause-meanings.ts'

export function summarise(stream: FoundStream): StreamSummary {
  const { traceId, spanId, service, startMs, durationMs, model, host, outcome, end, errorType, cause } = stream
  const { causeConfidence, anomalies, reads, events, bytes, timeToFirstChunkMs, maxGapMs } = stream
  return {
    traceId,
    spanId,
    service,
    startMs,
    durationMs,
    model,
    host,
    outcome,
    end,
    errorType,
    cause,
    causeConfidence,
    anomalies,
    reads,
    events,
    bytes,
    timeToFirstChunkMs,
    maxGapMs,
  }
}

/** Everything that is known of one stream. */
export function toStreamAnswer(store: Store, stream: FoundStream): Omit<StreamAnswer, 'traceUrl'> {
  const since = BigInt(stream.startNanos)
  return {
    stream,
    fault: describeFault(stream.errorType ?? '') ?? null,
    anomalies: stream.anomalies.map(describeAnomaly).filter((found) => found !== undefined),
    causeMeaning: meaning(CAUSE_MEANINGS, stream.cause),
    confidenceMeaning: meaning(CONFIDENCE_MEANINGS, stream.causeConfidence),
    reads: readsOf(store, stream, since),
    logs: faultLogs(store, { traceId: stream.traceId })
      .filter((log) => log.spanId === stream.spanId)
      .map(({ timeNanos, body, attributes }) => ({ timeNanos, body, attributes })),
    spans: traceSpans(store, stream.traceId).map((span) => toSpanAnswer(span, since)),
  }
}

/** Two traces may have a span of one id: only this trace's reads are the stream's. */
function readsOf(store: Store, stream: FoundStream, since: bigint): readonly ReadAnswer[] {
  return chunkSpans(store, stream.spanId)
    .filter((span) => span.traceId === stream.traceId)
    .map(({ index, offset, size, startNanos, endNanos }) => ({
      index,
      offset,
      size,
      askedMs: elapsedMs(startNanos, since),
      cameMs: elapsedMs(endNanos, since),
    }))
}

function toSpanAnswer(span: SpanRow, since: bigint): SpanAnswer {
  const { spanId, parentSpanId, name, service, statusCode, durationMs, attributes } = span
  const startMs = elapsedMs(span.startNanos, since)
  const isStream = typeof attributes[ATTR.OUTCOME] === 'string'
  return { spanId, parentSpanId, name, service, statusCode, startMs, durationMs, isStream }
}

/** Subtracted before it is made a number: nanoseconds since 1970 are beyond what one holds. */
function elapsedMs(nanos: string, since: bigint): number {
  return Number(BigInt(nanos) - since) / 1e6
}

/** A name that any program made up, such as `constructor`, has no meaning. */
function meaning(meanings: Readonly<Record<string, string>>, name: string | null): string | null {
  return name !== null && Object.hasOwn(meanings, name) ? (meanings[name] ?? null) : null
}
