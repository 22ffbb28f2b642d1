import type { FaultCode, StreamReport } from '@streamgauge/core'
import { GEN_AI } from '@streamgauge/core/semconv'
import type { AttemptAction, AttemptRecord } from './attempt-record.ts'
import { Attempt, type StreamSource } from './attempt.ts'
import { findDelayMs, readRetryAdvice } from './backoff.ts'
import { continueRequest, findUncontinuable } from './continue-request.ts'
import { findApi, findEffect } from './effects.ts'
import type { Settings } from './options.ts'
import { PartialCollector } from './partial-answer.ts'
import type { BrokenStream, RecoveryAction } from './policy.ts'
import { readProperty } from './records.ts'
import type { StartStream } from './recover-stream.ts'
import type { RestartMarker } from './restart-marker.ts'
import { pollResponse, resumeResponse, type RequestOptions } from './resume.ts'
import { RECOVERY_ATTR, RECOVERY_METRIC } from './semconv.ts'
import { Splice } from './splice.ts'
import { StreamBrokenError, type GiveUpReason } from './stream-broken-error.ts'
import { readChoices, StreamWatch } from './stream-watch.ts'
import { AttemptSpans, count, type AttemptSpan } from './telemetry.ts'

/** What is done next, and how long it is waited before. */
interface Plan {
  readonly action: AttemptAction
  readonly delayMs: number
}

/** An attempt that has ended in a fault. */
interface Break {
  readonly code: FaultCode
  readonly report: StreamReport
  readonly cause: unknown
}

/** One attempt while it runs, with all that is told of it at its end. */
interface Running<Chunk> extends Plan {
  readonly number: number
  readonly attempt: Attempt<Chunk>
  readonly span: AttemptSpan
  readonly splice: Splice
  readonly startedAtMs: number
  chunks: number
}

/** Recovers one stream: makes attempts until one ends well, or until it is no use. */
export class RecoverySession<Chunk, Request> {
  readonly attempts: AttemptRecord[] = []
  report: StreamReport | undefined
  readonly #start: StartStream<Chunk, Request>
  readonly #settings: Settings<Request>
  readonly #spans = new AttemptSpans()
  /** What the app has of the answer. */
  readonly #partial = new PartialCollector()
  #running: Running<Chunk> | undefined
  #firstBreak: Break | undefined
  /** Attempts that have failed since a chunk came. */
  #failures = 0
  #cost = 0
  #beganAtMs = 0
  /** A restart after something was delivered: told to the app with the first chunk that replaces it. */
  #marker: RestartMarker | undefined
  #wake: (() => void) | undefined
  #isWaited = false
  #hasLeft = false

  constructor(start: StartStream<Chunk, Request>, settings: Settings<Request>) {
    this.#start = start
    this.#settings = settings
  }

  async *run(): AsyncGenerator<Chunk | RestartMarker, undefined, unknown> {
    const { signal, clock } = this.#settings
    const abort = (): void => this.#interrupt(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    this.#beganAtMs = clock.nowMs()
    try {
      let plan: Plan | undefined = { action: 'start', delayMs: 0 }
      while (plan !== undefined) {
        await this.#wait(plan.delayMs)
        if (this.#hasLeft) return undefined
        plan = yield* this.#make(plan)
      }
    } finally {
      signal?.removeEventListener('abort', abort)
    }
    return undefined
  }

  /** The app wants no more: whatever is waited for ends now. */
  leave(): void {
    this.#hasLeft = true
    if (this.#isWaited) this.#interrupt(new DOMException('The stream is not read any further.', 'AbortError'))
  }

  /** Makes one attempt. What is done after it, or `undefined` where all is done. */
  async *#make(plan: Plan): AsyncGenerator<Chunk | RestartMarker, Plan | undefined, unknown> {
    const running = this.#begin(plan)
    try {
      for (;;) {
        const step = await this.#waiting(() => running.attempt.next())
        if (step.kind === 'failed') throw step.error
        if (step.kind === 'left') return this.#left(running)
        if (step.kind === 'ended') return this.#ended(running, step.report, step.cause)
        const { chunk } = step
        if (!running.splice.takes(chunk)) continue
        if (this.#marker !== undefined) yield this.#restarted(this.#marker)
        this.#partial.add(chunk)
        running.chunks++
        this.#failures = 0
        yield chunk
      }
    } finally {
      // Still open where the app has left, or where something is wrong with the program.
      if (this.#running === running) this.#close(running, running.attempt.watch.left('consumer_break'))
      running.attempt.close()
    }
  }

  #begin(plan: Plan): Running<Chunk> {
    const { signal, request, terminator, clock, idleTimeoutMs } = this.#settings
    if (signal?.aborted === true) throw this.#endedBySignal(undefined)
    const number = this.attempts.length + 1
    const span = this.#spans.begin({ number, ...plan })
    const watch = new StreamWatch({ api: findApi(request), choices: readChoices(request), terminator }, clock)
    const open = (attemptSignal: AbortSignal): StreamSource<Chunk> =>
      span.run(() => this.#open(plan.action, number, { signal: attemptSignal, maxRetries: 0 }))
    const attempt = new Attempt(open, watch, clock, plan.action === 'poll' ? undefined : idleTimeoutMs)
    const isResumed = plan.action === 'resume' || plan.action === 'poll'
    const splice = new Splice(isResumed ? this.#partial.lastSequenceNumber : undefined)
    this.#running = { ...plan, number, attempt, span, splice, startedAtMs: clock.nowMs(), chunks: 0 }
    return this.#running
  }

  #open(action: AttemptAction, number: number, options: RequestOptions): StreamSource<Chunk> {
    const { client, request, clock, pollIntervalMs: intervalMs, maxElapsedMs } = this.#settings
    if (action === 'resume' || action === 'poll') {
      const { responseId: id = '', lastSequenceNumber: last = 0 } = this.#partial
      if (client === undefined) throw new TypeError('There is no client to resume with.')
      if (action === 'resume') return resumeResponse(client, id, last, options)
      const untilMs = this.#beganAtMs + maxElapsedMs
      return pollResponse(client, id, last, options, { clock, intervalMs, untilMs })
    }
    const body = action === 'continue' ? continueRequest(request, this.#partial.text) : request
    return this.#start({ number, action, request: body, options, signal: options.signal })
  }

  /** The stream came to an end of its own. */
  #ended(running: Running<Chunk>, report: StreamReport, cause: unknown): Plan | undefined {
    const { fault } = report
    if (fault === undefined) {
      this.#close(running, report)
      if (this.#firstBreak !== undefined) this.#recovered(this.#firstBreak.code, running.action)
      return undefined
    }
    const broken: Break = { code: fault.code, report, cause }
    // All of the answer is there, whatever became of its connection.
    if (fault.code === 'late_transport_error') {
      this.#close(running, report, { [RECOVERY_ATTR.DECISION]: 'keep' })
      this.#recovered((this.#firstBreak ?? broken).code, running.action)
      return undefined
    }
    this.#firstBreak ??= broken
    return this.#decide(running, broken)
  }

  #decide(running: Running<Chunk>, broken: Break): Plan {
    // The response had not ended before the time was over: what began the polling is what broke.
    if (running.action === 'poll' && broken.code === 'empty_stream') {
      return this.#giveUp(running, this.#firstBreak ?? broken, 'max_elapsed')
    }
    this.#failures++
    this.#cost += this.#settings.costOf(this.#recordOf(running, broken.report))
    // The policy has said how to go on; that this server can't stream it any more is no reason to ask again.
    if (running.action === 'resume' && UNRESUMABLE.has(broken.code)) return this.#go(running, broken, 'poll', 0)
    const { shouldRetry, retryAfterMs } = readRetryAdvice(readProperty(broken.cause, 'headers'), this.#settings.clock)
    const state = this.#describe(running.number, broken, shouldRetry)
    const action = this.#settings.policy(state)
    if (!ACTIONS.has(action))
      throw new TypeError(`A policy must say one of ${[...ACTIONS].join(', ')}; it said ${action}.`)
    if (action === 'throw') return this.#giveUp(running, broken, 'policy')
    if (!isPossible(action, state)) return this.#giveUp(running, broken, 'not_possible')
    const delayMs = findDelayMs(this.#settings, this.#failures, retryAfterMs, this.#settings.random)
    return this.#go(running, broken, action === 'resume' && running.action === 'poll' ? 'poll' : action, delayMs)
  }

  /** Goes on as decided, if the bounds allow it. */
  #go(running: Running<Chunk>, broken: Break, action: Plan['action'], delayMs: number): Plan {
    const { maxAttempts, maxElapsedMs, maxCost, clock } = this.#settings
    const elapsedMs = clock.nowMs() - this.#beganAtMs
    if (running.number >= maxAttempts) return this.#giveUp(running, broken, 'max_attempts')
    if (elapsedMs + delayMs > maxElapsedMs) return this.#giveUp(running, broken, 'max_elapsed')
    if (this.#cost >= maxCost) return this.#giveUp(running, broken, 'max_cost')
    this.#close(running, broken.report, { [RECOVERY_ATTR.DECISION]: action })
    const { chunks: discarded } = this.#partial
    if (action === 'restart' && discarded > 0) {
      this.#marker = { type: 'streamgauge.restart', attempt: running.number + 1, discarded, code: broken.code }
    }
    return { action, delayMs }
  }

  #describe(attempt: number, { code, report, cause }: Break, shouldRetry: boolean | undefined): BrokenStream {
    const { request, client } = this.#settings
    const { responseId, lastSequenceNumber, isBackground, chunks } = this.#partial
    const isKnown = responseId !== undefined && lastSequenceNumber !== undefined
    const asked = readProperty(request, 'background') === true
    return {
      code,
      report,
      cause,
      attempt,
      delivered: this.#marker === undefined ? chunks : 0,
      canResume: client !== undefined && isKnown && (isBackground || asked),
      uncontinuable: findUncontinuable(request, this.#partial),
      effect: findEffect(request),
      shouldRetry,
    }
  }

  #giveUp(running: Running<Chunk>, broken: Break, reason: GiveUpReason): never {
    this.#close(running, broken.report, { [RECOVERY_ATTR.DECISION]: 'throw', [RECOVERY_ATTR.REASON]: reason })
    throw this.#error(broken, reason)
  }

  #error({ code, report, cause }: Break, reason: GiveUpReason): StreamBrokenError {
    count(RECOVERY_METRIC.GIVEN_UP, { [GEN_AI.ERROR_TYPE]: code, [RECOVERY_ATTR.REASON]: reason })
    const { answer: partial } = this.#partial
    return new StreamBrokenError({ code, reason, partial, attempts: this.attempts, report, cause })
  }

  #recovered(code: FaultCode, action: AttemptAction): void {
    count(RECOVERY_METRIC.RECOVERED, { [GEN_AI.ERROR_TYPE]: code, [RECOVERY_ATTR.ACTION]: action })
  }

  /** The app ended the attempt: by its signal, or by leaving. */
  #left(running: Running<Chunk>): undefined {
    const { signal } = this.#settings
    if (this.#hasLeft || signal?.aborted !== true) return undefined
    const isTimeout = readProperty(signal.reason, 'name') === 'TimeoutError'
    const report = running.attempt.watch.left(isTimeout ? 'consumer_timeout' : 'consumer_abort')
    this.#close(running, report)
    // It had all of the answer, and waited for the end of its connection.
    if (report.outcome === 'completed') return undefined
    throw this.#endedBySignal(report)
  }

  #endedBySignal(report: StreamReport | undefined): unknown {
    const reason: unknown = this.#settings.signal?.reason
    if (report?.fault === undefined) return reason
    return this.#error({ code: report.fault.code, report, cause: reason }, 'policy')
  }

  #restarted(marker: RestartMarker): RestartMarker {
    this.#marker = undefined
    this.#partial.clear()
    return marker
  }

  #close(running: Running<Chunk>, report: StreamReport, attributes: Record<string, string> = {}): void {
    const record = this.#recordOf(running, report)
    const { chunks, repeated, missing } = record
    this.#running = undefined
    this.report = report
    this.attempts.push(record)
    running.span.end(report, {
      [RECOVERY_ATTR.CHUNKS]: chunks,
      ...(running.attempt.watch.isUnseen ? { [RECOVERY_ATTR.UNSEEN]: true } : {}),
      ...(repeated > 0 ? { [RECOVERY_ATTR.REPEATED]: repeated } : {}),
      ...(missing > 0 ? { [RECOVERY_ATTR.MISSING]: missing } : {}),
      ...attributes,
    })
  }

  #recordOf(running: Running<Chunk>, { fault, outcome, usage, chunks: all }: StreamReport): AttemptRecord {
    const { number, action, delayMs, startedAtMs, chunks, attempt, splice } = running
    return {
      number,
      action,
      delayMs,
      durationMs: this.#settings.clock.nowMs() - startedAtMs,
      outcome,
      code: fault?.code,
      confidence: attempt.watch.isUnseen && fault !== undefined ? 'guess' : fault?.confidence,
      chunks,
      outputChunks: all.output,
      usage,
      repeated: splice.repeated,
      missing: splice.missing,
    }
  }

  #interrupt(reason: unknown): void {
    this.#running?.attempt.abort(reason)
    this.#wake?.()
  }

  async #waiting<T>(wait: () => Promise<T>): Promise<T> {
    this.#isWaited = true
    try {
      return await wait()
    } finally {
      this.#isWaited = false
    }
  }

  #wait(delayMs: number): Promise<void> | undefined {
    if (delayMs === 0 || this.#settings.signal?.aborted === true) return undefined
    return this.#waiting(
      () =>
        new Promise((resolve) => {
          const stop = this.#settings.clock.setTimer(resolve, delayMs)
          this.#wake = () => {
            stop()
            resolve()
          }
        }),
    )
  }
}

/** Answers to a request for the rest of a response that say that it is not to be had as a stream. */
const UNRESUMABLE: ReadonlySet<FaultCode> = new Set([
  '400',
  '404',
  '405',
  '410',
  '422',
  '501',
  'not_event_stream',
  'empty_stream',
])

const ACTIONS: ReadonlySet<RecoveryAction> = new Set(['throw', 'restart', 'resume', 'continue'])

function isPossible(action: RecoveryAction, { canResume, uncontinuable }: BrokenStream): boolean {
  if (action === 'resume') return canResume
  return action !== 'continue' || uncontinuable === undefined
}
