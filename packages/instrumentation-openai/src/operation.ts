import type { Context } from '@opentelemetry/api'
import {
  readErrorFacts,
  WireRecord,
  type ErrorFacts,
  type MalformedDetail,
  type StreamMonitor,
} from '@streamgauge/core'
import type { Binding } from './find-operation.ts'
import { guard, reportFailure } from './guard.ts'
import { contextOf, type OperationParts } from './operation-parts.ts'
import { findNoAnswer } from './request/no-answer.ts'
import { readResponse } from './request/response-facts.ts'
import type { Cell } from './telemetry/cells.ts'
import type { ChunkTimes } from './telemetry/chunk-times.ts'
import { emitAnswer, emitFailedRequest, emitStream, recordChunkTimes } from './telemetry/emit-operation.ts'
import type { BodyObserver } from './watch/body-observer.ts'
import type { LoopClock } from './watch/loop-clock.ts'
import type { ConsumerObserver } from './watch/watch-iterator.ts'

type Ending = Parameters<StreamMonitor['finish']>[0]

/**
 * One request from its start to its end: passes on to the monitor what the patches see, and turns the report into
 * telemetry, once.
 *
 * It never holds the promise, the stream or the iterator that the application has, nor a signal, whose listeners may hold
 * them: they could not be collected then.
 */
export class Operation implements BodyObserver, ConsumerObserver {
  readonly isStream: boolean
  /** Times the request was sent, retries of the SDK among them. */
  attempts = 1
  hasEnded = false
  /** The stream is being iterated: a second iteration is the SDK's to refuse. */
  isIterated = false
  /** Objects of the application that it has hung on so far, each in place of the one before. */
  owners = 0
  /** A context manager carries it to where the SDK makes another attempt. */
  hasContext = false
  /** What the SDK's controller leads to. */
  binding: Binding | undefined

  readonly #parts: OperationParts
  readonly #monitor: StreamMonitor
  readonly #cell: Cell
  readonly #loop: LoopClock
  readonly #chunkTimes: ChunkTimes | undefined
  /** Of the SDK's own controller: aborted by the caller's, by `stream.controller`, and by the SDK itself. */
  #signal: WeakRef<AbortSignal> | undefined
  /** The stream was made: from now on its reader has the say. */
  #isStreaming = false

  constructor(parts: OperationParts) {
    this.#parts = parts
    this.#monitor = parts.monitor
    this.#cell = parts.cell
    this.#loop = parts.gauge.loop
    this.#chunkTimes = parts.chunkTimes
    this.isStream = parts.request.isStream
    if (this.isStream) this.#cell.active++
  }

  /** From now on it ends, at the latest, when nobody holds `owner` any more. */
  own(owner: object): void {
    this.owners++
    guard('an owner', () => this.#parts.gauge.ownedBy(owner, this))
  }

  /** The caller's context with the span in it. */
  get context(): Context {
    return contextOf(this.#parts)
  }

  // The request.

  /**
   * The HTTP client makes a request on behalf of this one. Which of several brings the answer shows only when it is there: a
   * retry, what follows a redirect, and what an application asks for beforehand, all come before it. So the last one counts.
   */
  requested(): WireRecord | undefined {
    if (!this.isStream || this.hasEnded || this.#monitor.headersAtMs !== undefined) return undefined
    this.#monitor.wire = new WireRecord()
    return this.#monitor.wire
  }

  /** The SDK has a response, and its own controller for it. */
  responded(response: unknown, controller: unknown): void {
    const signal = (controller as { readonly signal?: AbortSignal } | undefined)?.signal
    if (signal !== undefined) this.#signal = new WeakRef(signal)
    this.#monitor.headers(readResponse(response), performance.now())
  }

  /** The request came to nothing: no response, or one with an error status. */
  requestFailed(error: unknown): void {
    const facts = readErrorFacts(error)
    // An error status has no response here, but the error that the SDK made of it has its headers.
    if (facts.status !== undefined) {
      guard('an error status', () => this.#monitor.headers(readResponse(error), performance.now()))
    }
    this.#end(this.#isAbort(facts) ? this.#abortEnding() : { kind: 'request_failed', error: facts })
  }

  /** The SDK makes another attempt. */
  retried(): void {
    this.attempts++
  }

  // The answer of a request that does not stream.

  answered(value: unknown): void {
    if (this.hasEnded) return
    const detail = findNoAnswer(value)
    if (detail !== undefined) return this.#answeredByText(value as string, detail)
    this.hasEnded = true
    const endedAtMs = performance.now()
    guard('the end of a request', () => emitAnswer(this.#parts, this.attempts, value, endedAtMs))
    this.#close(endedAtMs)
  }

  answerFailed(error: unknown): void {
    const facts = readErrorFacts(error)
    if (this.#isAbort(facts)) return this.#end(this.#abortEnding())
    // What came whole and was no JSON says nothing of its connection.
    if (facts.names.includes('SyntaxError')) {
      this.#monitor.badEvent = { code: 'malformed_event', eventIndex: 0, start: 0, end: 0 }
    }
    this.#monitor.fail(facts, performance.now())
    this.#end({ kind: 'threw', error: facts })
  }

  /** What came whole and is no answer: the SDK hands it over as the text that it is. */
  #answeredByText(text: string, detail: MalformedDetail): void {
    const nowMs = performance.now()
    const error: ErrorFacts = { names: ['SyntaxError'], codes: [] }
    guard('a text for an answer', () => {
      const bytes = new TextEncoder().encode(text)
      this.#monitor.read(bytes, nowMs)
      this.#monitor.badEvent = { code: 'malformed_event', detail, eventIndex: 0, start: 0, end: bytes.length }
      this.#monitor.fail(error, nowMs)
    })
    this.#end({ kind: 'threw', error })
  }

  /** The application gets the response itself, and reads the events by itself. */
  handedOver(): void {
    this.#end({ kind: 'handed_off' })
  }

  // The body.

  streaming(): void {
    this.#isStreaming = true
  }

  pulled(): void {
    const nowMs = performance.now()
    this.#loop.tick(nowMs)
    this.#monitor.pull(nowMs)
    // Now everybody waits for the network.
    if (this.#chunkTimes?.isFull === true) guard('times between chunks', () => recordChunkTimes(this.#parts))
  }

  read(chunk: Uint8Array): void {
    if (this.hasEnded) return
    try {
      this.#monitor.read(chunk, performance.now())
      this.#cell.reads++
      this.#cell.bytes += chunk.length
    } catch (error) {
      reportFailure('a read', error)
    }
  }

  ended(): void {
    guard('the end of a body', () => this.#monitor.eof(performance.now()))
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
    try {
      const kind = this.#monitor.payload(value)
      this.#cell.chunks[kind]++
      if (kind === 'output') this.#chunkTimes?.came(this.#monitor.lastReadAtMs)
    } catch (error) {
      reportFailure('a chunk', error)
    }
  }

  finished(): void {
    if (this.hasEnded) return
    const { readDone, bodyEnd, bodyError, answer } = this.#monitor
    const hasEnd = readDone || bodyEnd === 'eof' || answer.terminalEvent !== undefined
    // SDKs end an aborted stream like a finished one; and openai 7 aborts what is left after [DONE].
    const wasAborted = this.#isAborted() || bodyError?.names.includes('AbortError') === true
    this.#end(wasAborted && !hasEnd ? this.#abortEnding() : { kind: 'done' })
  }

  threw(error: unknown): void {
    if (this.hasEnded) return
    // Only who aborts with a reason of its own sees that reason thrown.
    if (this.#isAborted() && this.#signal?.deref()?.reason === error) return this.#end(this.#abortEnding())
    this.#end({ kind: 'threw', error: readErrorFacts(error) })
  }

  broke(): void {
    if (this.hasEnded) return
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

  #isAbort(facts: ErrorFacts): boolean {
    return this.#isAbortedByCaller() || facts.names.includes('APIUserAbortError')
  }

  /**
   * The caller's signal is asked first: that of openai 7 follows two others, and takes its reason from whichever is aborted
   * when somebody looks. Who looks early would change what the application sees later.
   */
  #isAborted(): boolean {
    return this.#isAbortedByCaller() || this.#signal?.deref()?.aborted === true
  }

  #isAbortedByCaller(): boolean {
    return this.#parts.request.signal?.deref()?.aborted === true
  }

  #abortEnding(): Ending {
    // A reason may be anything, an object whose getters throw among it.
    const signal = this.#isAbortedByCaller() ? this.#parts.request.signal : this.#signal
    const isTimeout = readErrorFacts(signal?.deref()?.reason).names.includes('TimeoutError')
    return { kind: isTimeout ? 'consumer_timeout' : 'consumer_abort' }
  }

  #end(ending: Ending): void {
    if (this.hasEnded) return
    this.hasEnded = true
    let endedAtMs = performance.now()
    guard('the end of a stream', () => {
      const before = { ...this.#monitor.answer.chunks }
      const report = this.#monitor.finish(ending, endedAtMs)
      endedAtMs = report.endedAtMs
      if (this.isStream) emitStream(this.#parts, this.attempts, report, before)
      else emitFailedRequest(this.#parts, this.attempts, report)
    })
    this.#close(endedAtMs)
  }

  /** Whatever became of the rest: a processor of the application may throw. */
  #close(endedAtMs: number): void {
    guard('the end of a span', () => this.#parts.span.end(endedAtMs + this.#parts.wallOffsetMs))
    if (this.isStream) this.#cell.active--
    if (this.binding !== undefined) this.binding.operation = undefined
    this.#parts.gauge.close(this)
  }
}
