import { SeverityNumber, SpanStatusCode, type Attributes, type Context, type Span } from '@opentelemetry/api'
import { describeFault, readAnswer, readErrorFacts, type StreamMonitor, type StreamReport } from '@streamgauge/core'
import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'
import type { Gauge } from './gauge.ts'
import { guard } from './guard.ts'
import type { RequestFacts } from './request/request-facts.ts'
import { readResponse } from './request/response-facts.ts'
import type { Cell } from './telemetry/cells.ts'
import { emitChunkSpans } from './telemetry/chunk-spans.ts'
import type { Histograms } from './telemetry/histograms.ts'
import { answerAttributes, faultAttributes, httpStatus, streamAttributes } from './telemetry/span-attributes.ts'
import type { BodyObserver } from './watch/body-observer.ts'
import type { ConsumerObserver } from './watch/watch-iterator.ts'

type Ending = Parameters<StreamMonitor['finish']>[0]

/** What an operation is made of. */
export interface OperationParts {
  readonly gauge: Gauge
  readonly request: RequestFacts
  readonly monitor: StreamMonitor
  readonly span: Span
  /** The caller's context with the operation's span in it. */
  readonly context: Context
  readonly cell: Cell
  /** Add it to a time of the monotonic clock for milliseconds since the epoch. */
  readonly wallOffsetMs: number
  readonly timesChunks: boolean
  readonly histograms: Histograms
}

/**
 * One request from its start to its end: passes on to the monitor what the patches see, and turns the report into
 * telemetry, once.
 *
 * It never holds the promise, the stream or the iterator that the application has, nor a signal, whose listeners may hold
 * them: they could not be collected then.
 */
export class Operation implements BodyObserver, ConsumerObserver {
  readonly context: Context
  readonly isStream: boolean
  /** Times the request was sent, retries of the SDK among them. */
  attempts = 1
  hasEnded = false
  /** The stream is being iterated: a second iteration is the SDK's to refuse. */
  isIterated = false

  readonly #parts: OperationParts
  readonly #monitor: StreamMonitor
  readonly #cell: Cell
  /** Of the SDK's own controller: aborted by the caller's, by `stream.controller`, and by the SDK itself. */
  #signal: WeakRef<AbortSignal> | undefined
  /** The stream was made: from now on its reader has the say. */
  #isStreaming = false
  #lastOutputMs = 0

  constructor(parts: OperationParts) {
    this.#parts = parts
    this.#monitor = parts.monitor
    this.#cell = parts.cell
    this.context = parts.context
    this.isStream = parts.request.isStream
    if (this.isStream) this.#cell.active++
  }

  // The request.

  /** The SDK has a response, and its own controller for it. */
  responded(response: unknown, controller: unknown): void {
    const signal = (controller as { readonly signal?: AbortSignal } | undefined)?.signal
    if (signal !== undefined) this.#signal = new WeakRef(signal)
    this.#monitor.headers(readResponse(response), performance.now())
  }

  /** The request came to nothing: no response, or one with an error status. */
  requestFailed(error: unknown): void {
    const facts = readErrorFacts(error)
    if (this.#isAbortedByCaller() || facts.names.includes('APIUserAbortError')) return this.#end(this.#abortEnding())
    this.#end({ kind: 'request_failed', error: facts })
  }

  /** The SDK makes another attempt. */
  retried(): void {
    this.attempts++
  }

  // The answer of a request that does not stream.

  answered(value: unknown): void {
    if (this.hasEnded) return
    this.hasEnded = true
    const endedAtMs = performance.now()
    guard('the end of a request', () => this.#emitAnswer(value, endedAtMs))
    this.#close(endedAtMs)
  }

  answerFailed(error: unknown): void {
    const facts = readErrorFacts(error)
    if (this.#isAbortedByCaller() || facts.names.includes('APIUserAbortError')) return this.#end(this.#abortEnding())
    // What came whole and was no JSON says nothing of its connection.
    if (facts.names.includes('SyntaxError')) {
      this.#monitor.badEvent = { code: 'malformed_event', eventIndex: 0, start: 0, end: 0 }
    }
    this.#monitor.fail(facts, performance.now())
    this.#end({ kind: 'threw', error: facts })
  }

  // The body.

  streaming(): void {
    this.#isStreaming = true
  }

  pulled(): void {
    this.#monitor.pull(performance.now())
  }

  read(chunk: Uint8Array): void {
    guard('a read', () => {
      this.#monitor.read(chunk, performance.now())
      if (this.hasEnded) return
      this.#cell.reads++
      this.#cell.bytes += chunk.length
    })
  }

  ended(): void {
    this.#monitor.eof(performance.now())
  }

  failed(error: unknown): void {
    guard('a failed read', () => this.#monitor.fail(readErrorFacts(error), performance.now()))
  }

  cancelled(): void {
    this.#monitor.cancel(performance.now())
  }

  // The consumer.

  delivered(value: unknown): void {
    if (this.hasEnded) return
    guard('a chunk', () => {
      const kind = this.#monitor.payload(value)
      this.#cell.chunks[kind]++
      if (this.#parts.timesChunks && kind === 'output') this.#timeChunk()
    })
  }

  finished(): void {
    const { frames, taken, bodyEnd, bodyError, answer } = this.#monitor
    const readDone = frames.doneAtEvent !== -1 && taken >= frames.doneAtEvent
    const hasEnd = readDone || bodyEnd === 'eof' || answer.terminalEvent !== undefined
    // SDKs end an aborted stream like a finished one; and openai 7 aborts what is left after [DONE].
    const wasAborted = this.#isAborted() || bodyError?.names.includes('AbortError') === true
    this.#end(wasAborted && !hasEnd ? this.#abortEnding() : { kind: 'done' })
  }

  threw(error: unknown): void {
    // Only who aborts with a reason of its own sees that reason thrown.
    if (this.#isAborted() && this.#signal?.deref()?.reason === error) return this.#end(this.#abortEnding())
    this.#end({ kind: 'threw', error: readErrorFacts(error) })
  }

  broke(): void {
    this.#end(this.#isAborted() ? this.#abortEnding() : { kind: 'consumer_break' })
  }

  threwInto(): void {
    this.#end({ kind: 'consumer_throw' })
  }

  /** Nobody can read on: the promise, the stream or its iterator was collected, or the process is ending. */
  collected(): void {
    // A raw response is the application's: that its signal was aborted some time says nothing of it.
    if (!this.#isStreaming) return this.#end({ kind: 'handed_off' })
    const ending = this.#abortEnding()
    // A timer fires in the end: it ended a stream only where somebody was waiting then.
    const hasAborted =
      this.#isAbortedByCaller() && (ending.kind === 'consumer_abort' || this.#monitor.state === 'waiting')
    this.#end(hasAborted ? ending : { kind: 'collected' })
  }

  #isAborted(): boolean {
    return this.#signal?.deref()?.aborted === true
  }

  #isAbortedByCaller(): boolean {
    return this.#parts.request.signal?.deref()?.aborted === true
  }

  #abortEnding(): Ending {
    // A reason may be anything, an object whose getters throw among it.
    const reasons: unknown[] = [this.#parts.request.signal?.deref()?.reason, this.#signal?.deref()?.reason]
    const isTimeout = reasons.some((reason) => readErrorFacts(reason).names.includes('TimeoutError'))
    return { kind: isTimeout ? 'consumer_timeout' : 'consumer_abort' }
  }

  #timeChunk(): void {
    const nowMs = this.#monitor.lastReadAtMs
    if (this.#lastOutputMs > 0)
      this.#parts.histograms.recordOutputChunk(this.#cell.attributes, nowMs - this.#lastOutputMs)
    this.#lastOutputMs = nowMs
  }

  #end(ending: Ending): void {
    if (this.hasEnded) return
    this.hasEnded = true
    let endedAtMs = performance.now()
    guard('the end of a stream', () => {
      const before = { ...this.#monitor.answer.chunks }
      const report = this.#monitor.finish(ending, endedAtMs)
      endedAtMs = report.endedAtMs
      if (this.isStream) this.#emitStream(report, before)
      else this.#emitFailedRequest(report)
    })
    this.#close(endedAtMs)
  }

  /** Whatever became of the rest: a processor of the application may throw. */
  #close(endedAtMs: number): void {
    guard('the end of a span', () => this.#parts.span.end(this.#toEpochMs(endedAtMs)))
    if (this.isStream) this.#cell.active--
    this.#parts.gauge.close(this)
  }

  #emitStream(report: StreamReport, chunksBefore: StreamReport['chunks']): void {
    const { gauge, span, histograms } = this.#parts
    const { attributes } = this.#cell
    // Events decoded only at the end, since the consumer failed on them, were not counted as they came.
    for (const [kind, count] of Object.entries(report.chunks) as [keyof typeof chunksBefore, number][]) {
      this.#cell.chunks[kind] += count - chunksBefore[kind]
    }
    gauge.cells.countEnd(this.#cell, report)
    // When a stream ended that nobody watched to its end, is not known.
    if (report.end !== 'collected' && report.end !== 'handed_off') {
      histograms.recordRequest(attributes, report.endedAtMs - report.startedAtMs, report.fault?.code)
    }
    histograms.recordStream(attributes, report.timeToFirstChunkMs, report.reads > 1 ? report.maxGapMs : undefined)
    if (report.usage !== undefined) histograms.recordUsage(attributes, report.usage, report.fault !== undefined)
    if (span.isRecording()) {
      span.setAttributes({ ...streamAttributes(report, this.attempts), ...answerAttributes(report) })
      this.#emitAnomalies(report)
      const { chunkSpans } = gauge.options
      const dropped = emitChunkSpans(gauge.signals.tracer(), this.context, report, chunkSpans, this.#toEpochMs)
      if (dropped > 0) span.setAttribute(ATTR.CHUNK_SPANS_DROPPED, dropped)
    }
    this.#emitFault(report)
  }

  #emitAnomalies(report: StreamReport): void {
    for (const anomaly of report.anomalies) {
      const attributes = { [ATTR.ANOMALY_TYPE]: anomaly.type, ...anomaly.attributes }
      this.#parts.span.addEvent(EVENT.ANOMALY, attributes, this.#toEpochMs(anomaly.atMs))
    }
  }

  /** The same fault three ways: on the span, as an event of the span, and as a log event. */
  #emitFault({ fault, endedAtMs }: StreamReport): void {
    if (fault === undefined) return
    const { gauge, span } = this.#parts
    const attributes = faultAttributes(fault, gauge.options)
    const description = describeFault(fault.code)?.meaning ?? fault.code
    span.setAttributes(attributes)
    span.setStatus({ code: SpanStatusCode.ERROR, message: description })
    if (spanEventsWanted()) span.addEvent(EVENT.FAULT, attributes, this.#toEpochMs(endedAtMs))
    gauge.signals.logger().emit({
      eventName: EVENT.FAULT,
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: description,
      timestamp: this.#toEpochMs(endedAtMs),
      attributes: { ...this.#parts.request.attributes, ...attributes },
      context: this.context,
    })
  }

  #emitAnswer(value: unknown, endedAtMs: number): void {
    const { span, histograms, request } = this.#parts
    const answer = readAnswer(request.api, value)
    if (this.attempts > 1) span.setAttribute(ATTR.HTTP_ATTEMPTS, this.attempts)
    span.setAttributes(answerAttributes(answer))
    histograms.recordRequest(this.#cell.attributes, endedAtMs - this.#monitor.startedAtMs, undefined)
    if (answer.usage !== undefined) histograms.recordUsage(this.#cell.attributes, answer.usage, false)
  }

  /** A request that does not stream has no outcome of a stream: only its failure is told, in the same words. */
  #emitFailedRequest(report: StreamReport): void {
    const { span, histograms } = this.#parts
    const durationMs = report.endedAtMs - report.startedAtMs
    histograms.recordRequest(this.#cell.attributes, durationMs, report.fault?.code)
    const attributes: Attributes = {}
    if (this.attempts > 1) attributes[ATTR.HTTP_ATTEMPTS] = this.attempts
    const status = report.response?.status ?? httpStatus(report.fault)
    if (status !== undefined) attributes[GEN_AI.HTTP_RESPONSE_STATUS_CODE] = status
    span.setAttributes(attributes)
    this.#emitFault(report)
  }

  readonly #toEpochMs = (ms: number): number => ms + this.#parts.wallOffsetMs
}

/** Instrumentations should let go of span events where their users say so. */
function spanEventsWanted(): boolean {
  return process.env['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN']?.trim() !== 'logs'
}
