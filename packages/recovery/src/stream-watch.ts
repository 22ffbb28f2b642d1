import {
  findTerminatorRule,
  readErrorFacts,
  StreamMonitor,
  type ErrorFacts,
  type MonitorOptions,
  type StreamApi,
  type StreamReport,
} from '@streamgauge/core'
import type { Clock } from './clock.ts'
import { findApi } from './effects.ts'
import { observeBody, type BodyObserver } from './observe-body.ts'
import { readProperty } from './records.ts'
import { readHost, readResponse } from './response-facts.ts'

/** How an app ends a stream. */
export type ConsumerEnding = 'consumer_break' | 'consumer_abort' | 'consumer_timeout'

/** What a stream is expected to be. */
export interface Expectation {
  readonly api: StreamApi
  readonly choices: number
  readonly model: string
  /** `undefined`: as the server is known to do. */
  readonly terminator: 'required' | 'optional' | undefined
}

/** What a request has one expect. */
export function readExpectation(request: unknown, terminator: Expectation['terminator']): Expectation {
  const [n, model] = [readProperty(request, 'n'), readProperty(request, 'model')]
  const choices = typeof n === 'number' && n > 1 ? n : 1
  return { api: findApi(request), choices, model: typeof model === 'string' ? model : '', terminator }
}

/**
 * Sees one stream from its request to its end, and has core say how it ended.
 *
 * It looks at the bytes where the response can be had. Elsewhere it goes by what the SDK hands over and throws, and whatever it
 * says of the cause is a guess.
 */
export class StreamWatch implements BodyObserver {
  /** A stream was judged without a look at its bytes. */
  isUnseen = false
  /** When something came last, in milliseconds on the clock. */
  lastSignAtMs: number
  #seesBytes = false
  readonly #monitor: StreamMonitor
  readonly #model: string
  /** Which server it is, only its response says; core looks at this at the end. */
  readonly #options: { terminator: Expectation['terminator'] } & Pick<MonitorOptions, 'api' | 'choices' | 'decode'>
  readonly #clock: Clock

  constructor({ api, choices, model, terminator }: Expectation, clock: Clock) {
    this.#clock = clock
    this.lastSignAtMs = clock.nowMs()
    this.#model = model
    this.#options = { api, choices, terminator, decode: 'consumer' }
    this.#monitor = new StreamMonitor(this.#options, this.lastSignAtMs)
  }

  /** The response is there; nothing of its body was read yet. */
  responded(response: unknown): void {
    this.#monitor.headers(readResponse(response), this.#now())
    this.#options.terminator ??= findTerminatorRule(readHost(response), this.#model)
    this.#seesBytes = observeBody(response, this)
  }

  // What is read of the body.

  pulled(): void {
    this.#monitor.pull(this.#clock.nowMs())
  }

  read(chunk: Uint8Array): void {
    this.#monitor.read(chunk, this.#now())
  }

  ended(): void {
    this.#monitor.eof(this.#now())
  }

  failed(error: unknown): void {
    this.#monitor.fail(readErrorFacts(error), this.#now())
  }

  cancelled(): void {
    this.#monitor.cancel(this.#now())
  }

  // What the SDK hands over.

  /** Takes a chunk; says whether it brings an error of the server. */
  took(chunk: unknown): boolean {
    if (!this.#seesBytes) this.#standIn()
    return this.#monitor.payload(chunk) === 'error'
  }

  /** The stream is over without an error. */
  done(): StreamReport {
    if (!this.#seesBytes) {
      this.isUnseen = true
      this.#monitor.read(COMMENT, this.#now())
      this.ended()
    }
    // The SDKs end a stream that was aborted like a finished one; and openai 7 cancels what is left after [DONE].
    const { bodyError, bodyEnd, readDone } = this.#monitor
    const wasAborted = bodyError?.names.includes('AbortError') === true || (bodyEnd === 'cancelled' && !readDone)
    return this.#finish({ kind: wasAborted ? 'consumer_abort' : 'done' })
  }

  /** The stream ended by an error. */
  threw(error: unknown): StreamReport {
    const facts = readErrorFacts(error)
    if (!this.#seesBytes) this.#threwUnseen(facts)
    return this.#finish({ kind: 'threw', error: facts })
  }

  /** There was no stream. */
  requestFailed(error: unknown): StreamReport {
    const facts = readErrorFacts(error)
    if (facts.status !== undefined) this.#monitor.headers(readResponse(error), this.#now())
    return this.#finish({ kind: 'request_failed', error: facts })
  }

  /** Nothing came for too long. */
  timedOut(): StreamReport {
    const error: ErrorFacts = { names: ['TimeoutError'], codes: [] }
    this.#monitor.fail(error, this.#now())
    return this.#finish({ kind: 'threw', error })
  }

  /** The app ended it. */
  left(kind: ConsumerEnding): StreamReport {
    return this.#finish({ kind })
  }

  #finish(ending: Parameters<StreamMonitor['finish']>[0]): StreamReport {
    const report = this.#monitor.finish(ending, this.#clock.nowMs())
    const { fault } = report
    return this.isUnseen && fault !== undefined ? { ...report, fault: { ...fault, confidence: 'guess' } } : report
  }

  /** An event of no bytes but its frame, so that core counts what was handed over. */
  #standIn(): void {
    this.#monitor.read(STAND_IN, this.#now())
  }

  #threwUnseen(facts: ErrorFacts): void {
    this.isUnseen = true
    // What the SDK could not parse, and what the server said of itself, say nothing of the connection.
    if (facts.names.includes('SyntaxError')) return this.#monitor.read(COMMENT, this.#now())
    const isServers = facts.names.includes('APIError') && !facts.names.some((name) => name.startsWith('APIConnection'))
    if (isServers && facts.status === undefined) this.took({ error: true })
    else this.#monitor.fail(facts, this.#now())
  }

  #now(): number {
    this.lastSignAtMs = this.#clock.nowMs()
    return this.lastSignAtMs
  }
}

const STAND_IN = new TextEncoder().encode('data:0\n\n')
const COMMENT = new TextEncoder().encode(':\n')
