import { readErrorFacts, type StreamReport } from '@streamgauge/core'
import { AttemptLog, type Plan, type Running } from './attempt-log.ts'
import type { AttemptAction } from './attempt-record.ts'
import { Attempt, type StreamSource } from './attempt.ts'
import { continueRequest } from './continue-request.ts'
import { keepWaiting, listenWeakly } from './listen-weakly.ts'
import type { Settings } from './options.ts'
import { PartialCollector } from './partial-answer.ts'
import { readProperty } from './records.ts'
import type { StartStream } from './recover-stream.ts'
import { RecoveryPlanner, type Next } from './recovery-planner.ts'
import type { RestartMarker } from './restart-marker.ts'
import { pollResponse, resumeResponse, type AttemptOptions } from './resume.ts'
import { RECOVERY_ATTR } from './semconv.ts'
import { Splice } from './splice.ts'
import { StreamBrokenError, type StreamBrokenDetails } from './stream-broken-error.ts'
import { readExpectation, StreamWatch, type ConsumerEnding } from './stream-watch.ts'

interface RunningAttempt<Chunk> extends Running {
  readonly attempt: Attempt<Chunk>
}

/** Recovers one stream: makes attempts until one ends well, or until it is no use. */
export class RecoverySession<Chunk, Request> {
  readonly log: AttemptLog
  readonly #start: StartStream<Chunk, Request>
  readonly #settings: Settings<Request>
  /** What the app has of the answer. */
  readonly #partial = new PartialCollector()
  #running: RunningAttempt<Chunk> | undefined
  /** Ends the wait before an attempt. */
  #wake: (() => void) | undefined
  #isWaiting = false
  #hasLeft = false

  constructor(start: StartStream<Chunk, Request>, settings: Settings<Request>) {
    this.#start = start
    this.#settings = settings
    this.log = new AttemptLog(settings.clock)
  }

  async *run(): AsyncGenerator<Chunk | RestartMarker, undefined, unknown> {
    const { signal } = this.#settings
    const unlisten =
      signal === undefined ? undefined : listenWeakly(signal, this, RecoverySession.#abort<Chunk, Request>)
    const planner = new RecoveryPlanner(this.#settings, this.#partial)
    try {
      let plan: Plan | undefined = { action: 'start', delayMs: 0 }
      while (plan !== undefined) {
        await this.#wait(plan.delayMs)
        if (this.#hasLeft) return undefined
        if (signal?.aborted === true) throw this.#endedBySignal()
        plan = yield* this.#make(plan, planner)
      }
    } finally {
      unlisten?.()
    }
    return undefined
  }

  /** The signal of the app is aborted. */
  static #abort<Chunk, Request>(this: void, session: RecoverySession<Chunk, Request>): void {
    const reason: unknown = session.#settings.signal?.reason
    const ending = isTimeout(reason) ? 'consumer_timeout' : 'consumer_abort'
    session.#interrupt(reason, ending)
    // Nobody may ask for another chunk.
    const running = session.#running
    if (!session.#isWaiting && running !== undefined) session.#close(running, running.watch.left(ending))
  }

  /** The app wants no more: whatever is waited for ends now. */
  leave(): void {
    this.#hasLeft = true
    if (!this.#isWaiting) return
    this.#interrupt(new DOMException('The stream is not read any further.', 'AbortError'), 'consumer_break')
  }

  /** Makes one attempt. What is done after it, or `undefined` where all is done. */
  async *#make(plan: Plan, planner: RecoveryPlanner): AsyncGenerator<Chunk | RestartMarker, Plan | undefined, unknown> {
    const running = this.#begin(plan, planner.untilMs(plan.action))
    try {
      for (;;) {
        if (this.#hasLeft) return undefined
        const step = await this.#waiting(running.attempt.next())
        if (step.kind === 'failed') throw this.#failed(running, step.error)
        if (step.kind === 'left') return this.#left(running)
        if (step.kind === 'ended') return this.#ended(running, planner, step.report, step.cause)
        const { chunk } = step
        const place = running.splice.place(chunk)
        if (place === 'repeated') continue
        if (place === 'gap') return this.#rejoined(running, planner)
        if (planner.marker !== undefined) {
          yield planner.marker
          planner.marker = undefined
          this.#partial.clear()
        }
        this.#partial.add(chunk)
        running.chunks++
        yield chunk
        // Now, and not before: the time that the app takes isn't the stream's.
        planner.progressed(running.number, chunk)
      }
    } finally {
      // Still open where the app has left, or where something is wrong with the program.
      this.#close(running, running.watch.left('consumer_break'))
      running.attempt.close()
    }
  }

  #begin(plan: Plan, untilMs: number): RunningAttempt<Chunk> {
    const { request, terminator, clock, idleTimeoutMs } = this.#settings
    const { number, span } = this.log.begin(plan)
    const watch = new StreamWatch(readExpectation(request, terminator), clock)
    const open = (signal: AbortSignal): StreamSource<Chunk> =>
      span.run(() => this.#open(plan.action, number, { signal, maxRetries: 0 }, untilMs))
    const attempt = new Attempt(open, watch, clock, plan.action === 'poll' ? undefined : idleTimeoutMs)
    const isResumed = plan.action === 'resume' || plan.action === 'poll'
    const splice = new Splice(isResumed ? this.#partial.lastSequenceNumber : undefined, plan.missing)
    this.#running = { ...plan, number, attempt, watch, span, splice, startedAtMs: clock.nowMs(), chunks: 0 }
    return this.#running
  }

  #open(action: AttemptAction, number: number, options: AttemptOptions, untilMs: number): StreamSource<Chunk> {
    const { client, request, clock, pollIntervalMs: intervalMs } = this.#settings
    if (action === 'resume' || action === 'poll') {
      const { responseId: id = '', lastSequenceNumber: last = 0 } = this.#partial
      if (client === undefined) throw new TypeError('There is no client to resume with.')
      if (action === 'resume') return resumeResponse(client, { id, request }, last, options)
      return pollResponse(client, { id, request }, last, options, { clock, intervalMs, untilMs })
    }
    const body = action === 'continue' ? continueRequest(request, this.#partial.text) : request
    return this.#start({ number, action, request: body, options, signal: options.signal })
  }

  /** The stream came to an end of its own. */
  #ended(
    running: RunningAttempt<Chunk>,
    planner: RecoveryPlanner,
    report: StreamReport,
    cause: unknown,
  ): Plan | undefined {
    const code = report.fault?.code
    // All of the answer is there, whatever became of its connection.
    const isKept = code === 'late_transport_error'
    if (code === undefined || isKept) {
      this.#close(running, report, isKept ? { [RECOVERY_ATTR.DECISION]: 'keep' } : {})
      const first = planner.firstBreak?.code ?? code
      if (first !== undefined) this.log.recovered(first, running.action)
      return undefined
    }
    return this.#follow(running, report, planner.decide(this.log.recordOf(running, report), { code, report, cause }))
  }

  /** The resumed stream left events out: the app gets none of it. */
  #rejoined(running: RunningAttempt<Chunk>, planner: RecoveryPlanner): Plan {
    const report = running.watch.left('consumer_break')
    return this.#follow(running, report, planner.rejoin(this.log.recordOf(running, report)))
  }

  #follow(running: RunningAttempt<Chunk>, report: StreamReport, next: Next): Plan {
    if (next.kind === 'go') {
      this.#close(running, report, { [RECOVERY_ATTR.DECISION]: next.plan.action })
      return next.plan
    }
    const { reason, effect, broken } = next
    this.#close(running, report, { [RECOVERY_ATTR.DECISION]: 'throw', [RECOVERY_ATTR.REASON]: reason })
    throw this.#error({ ...broken, reason, effect })
  }

  /** Something is wrong with the program, or somebody else has aborted the attempt. */
  #failed(running: RunningAttempt<Chunk>, error: unknown): unknown {
    const report = running.watch.left('consumer_abort')
    const { names } = readErrorFacts(error)
    const isAbort = names.some((name) => ABORTS.has(name))
    this.#close(running, report, {}, isAbort ? undefined : (names[0] ?? '_OTHER'))
    return error
  }

  /** The app ended the attempt: by its signal, or by leaving. */
  #left(running: RunningAttempt<Chunk>): undefined {
    const { signal } = this.#settings
    if (this.#hasLeft || signal?.aborted !== true) return undefined
    const report = running.watch.left('consumer_abort')
    this.#close(running, report)
    // It had all of the answer, and waited for the end of its connection.
    if (report.outcome === 'completed') return undefined
    throw this.#endedBySignal()
  }

  /** What is thrown where the app's signal is aborted: its reason, or the fault that a timeout is. */
  #endedBySignal(): unknown {
    const cause: unknown = this.#settings.signal?.reason
    if (!isTimeout(cause)) return cause
    return this.#error({ code: 'client_timeout', reason: 'signal', report: this.log.report, cause })
  }

  #error(details: Omit<ErrorDetails, 'partial' | 'attempts'>): StreamBrokenError {
    this.log.gaveUp(details.code, details.reason)
    return new StreamBrokenError({ ...details, partial: this.#partial.answer, attempts: this.log.attempts })
  }

  #close(running: RunningAttempt<Chunk>, ...ending: CloseArguments): void {
    if (this.#running !== running) return
    this.#running = undefined
    this.log.close(running, ...ending)
  }

  #interrupt(reason: unknown, ending: ConsumerEnding): void {
    this.#running?.attempt.abort(reason, ending)
    this.#wake?.()
  }

  async #waiting<T>(what: Promise<T>): Promise<T> {
    const { signal } = this.#settings
    const release = signal === undefined ? undefined : keepWaiting(signal, this)
    this.#isWaiting = true
    try {
      return await what
    } finally {
      release?.()
      this.#isWaiting = false
    }
  }

  async #wait(delayMs: number): Promise<void> {
    if (delayMs === 0 || this.#hasLeft || this.#settings.signal?.aborted === true) return
    let stop = (): void => {}
    const over = new Promise<void>((resolve) => {
      stop = this.#settings.clock.setTimer(resolve, delayMs)
      this.#wake = resolve
    })
    await this.#waiting(over)
    this.#wake = undefined
    stop()
  }
}

type ErrorDetails = StreamBrokenDetails & { readonly code: Parameters<AttemptLog['gaveUp']>[0] }

type CloseArguments = Parameters<AttemptLog['close']> extends [unknown, ...infer Rest] ? Rest : never

/** Of the platform and of the SDK. */
const ABORTS: ReadonlySet<string> = new Set(['AbortError', 'APIUserAbortError'])

function isTimeout(reason: unknown): boolean {
  return readProperty(reason, 'name') === 'TimeoutError'
}
