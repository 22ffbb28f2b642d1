import { SeverityNumber, SpanStatusCode, type Attributes } from '@opentelemetry/api'
import { describeFault, readAnswer, type StreamReport } from '@streamgauge/core'
import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'
import { guard } from '../guard.ts'
import { contextOf, type OperationParts } from '../operation-parts.ts'
import { emitChunkSpans, wantsChunkSpans } from './chunk-spans.ts'
import { anomalyAttributes, faultAttributes, httpStatus, setAnswer, setStream } from './span-attributes.ts'

/**
 * Tells of a stream that has ended, in spans, events, logs and metrics. The span is ended by the caller.
 *
 * @param chunksBefore chunks that were counted as they came
 */
export function emitStream(
  parts: OperationParts,
  attempts: number,
  report: StreamReport,
  chunksBefore: StreamReport['chunks'],
): void {
  const { gauge, span, cell } = parts
  const { attributes } = cell
  // Events decoded only at the end, since the consumer failed on them, were not counted as they came.
  for (const [kind, count] of Object.entries(report.chunks) as [keyof typeof chunksBefore, number][]) {
    cell.chunks[kind] += count - chunksBefore[kind]
  }
  gauge.cells.countEnd(cell, report)
  const usage = parts.countsTokens ? report.usage : undefined
  // Each by itself: where one part of an SDK fails, the others still tell.
  guard('the histograms of a stream', () => {
    const { histograms } = gauge
    // When a stream ended that nobody watched to its end, is not known.
    if (report.end !== 'collected' && report.end !== 'handed_off') {
      histograms.recordRequest(attributes, report.endedAtMs - report.startedAtMs, report.fault?.code)
    }
    recordChunkTimes(parts)
    histograms.recordStream(attributes, report.timeToFirstChunkMs, report.reads > 1 ? report.maxGapMs : undefined)
    if (usage !== undefined) histograms.recordUsage(attributes, usage, report.fault !== undefined)
  })
  if (span.isRecording()) {
    guard('the span of a stream', () => {
      setStream(span, report, attempts)
      setAnswer(span, report, usage)
      emitAnomalies(parts, report)
    })
    guard('the spans of chunks', () => emitChunks(parts, report))
  }
  emitFault(parts, report)
}

/** Records the times between chunks that have come together. */
export function recordChunkTimes({ chunkTimes, gauge, cell }: OperationParts): void {
  for (const gapMs of chunkTimes?.take() ?? []) gauge.histograms.recordOutputChunk(cell.attributes, gapMs)
}

/** Tells of an answer that was not streamed. */
export function emitAnswer(parts: OperationParts, attempts: number, value: unknown, endedAtMs: number): void {
  const { gauge, span, request, cell, monitor } = parts
  const answer = readAnswer(request.api, value)
  const usage = parts.countsTokens ? answer.usage : undefined
  if (attempts > 1) span.setAttribute(ATTR.HTTP_ATTEMPTS, attempts)
  setAnswer(span, answer, usage)
  guard('the histograms of an answer', () => {
    const { histograms } = gauge
    histograms.recordRequest(cell.attributes, endedAtMs - monitor.startedAtMs, undefined)
    if (usage !== undefined) histograms.recordUsage(cell.attributes, usage, false)
  })
}

/** A request that does not stream has no outcome of a stream: only its failure is told, in the same words. */
export function emitFailedRequest(parts: OperationParts, attempts: number, report: StreamReport): void {
  const { gauge, span, cell } = parts
  guard('the histograms of a request', () =>
    gauge.histograms.recordRequest(cell.attributes, report.endedAtMs - report.startedAtMs, report.fault?.code),
  )
  const attributes: Attributes = {}
  if (attempts > 1) attributes[ATTR.HTTP_ATTEMPTS] = attempts
  const status = report.response?.status ?? httpStatus(report.fault)
  if (status !== undefined) attributes[GEN_AI.HTTP_RESPONSE_STATUS_CODE] = status
  span.setAttributes(attributes)
  emitFault(parts, report)
}

function emitAnomalies({ span, wallOffsetMs }: OperationParts, { anomalies }: StreamReport): void {
  for (const anomaly of anomalies) {
    span.addEvent(EVENT.ANOMALY, anomalyAttributes(anomaly), anomaly.atMs + wallOffsetMs)
  }
}

function emitChunks(parts: OperationParts, report: StreamReport): void {
  const { gauge, tracer, span, wallOffsetMs } = parts
  const { chunkSpans } = gauge.options
  if (tracer === undefined || !wantsChunkSpans(report, chunkSpans)) return
  const toEpochMs = (ms: number): number => ms + wallOffsetMs
  const dropped = emitChunkSpans(tracer, contextOf(parts), report, chunkSpans, toEpochMs)
  if (dropped > 0) span.setAttribute(ATTR.CHUNK_SPANS_DROPPED, dropped)
}

/** The same fault three ways: on the span, as an event of the span, and as a log event. */
function emitFault(parts: OperationParts, { fault, endedAtMs }: StreamReport): void {
  if (fault === undefined) return
  const { gauge, span, request } = parts
  const attributes = faultAttributes(fault, gauge.options)
  const description = describeFault(fault.code)?.meaning ?? fault.code
  const timestamp = endedAtMs + parts.wallOffsetMs
  guard('the span of a fault', () => {
    span.setAttributes(attributes)
    span.setStatus({ code: SpanStatusCode.ERROR, message: description })
    if (spanEventsWanted()) span.addEvent(EVENT.FAULT, attributes, timestamp)
  })
  gauge.signals.logger().emit({
    eventName: EVENT.FAULT,
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    body: description,
    timestamp,
    attributes: { ...request.attributes, ...attributes },
    context: contextOf(parts),
  })
}

/** Instrumentations should let go of span events where their users say so. */
function spanEventsWanted(): boolean {
  return process.env['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']?.trim() !== 'logs'
}
