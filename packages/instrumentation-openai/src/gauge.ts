import { Buffer, isUtf8 } from 'node:buffer'
import {
  context,
  createContextKey,
  trace,
  SpanKind,
  type Context,
  type Logger,
  type Meter,
  type Tracer,
} from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { findTerminatorRule, StreamMonitor } from '@streamgauge/core'
import { beforeExit } from './before-exit.ts'
import { guard } from './guard.ts'
import { Operation } from './operation.ts'
import type { ResolvedOptions } from './read-options.ts'
import { findOtherInstrumentation } from './request/other-instrumentation.ts'
import { readRequest } from './request/request-facts.ts'
import { Cells } from './telemetry/cells.ts'
import { readsToRecord } from './telemetry/chunk-spans.ts'
import { Histograms } from './telemetry/histograms.ts'
import { observeCells } from './telemetry/observe-cells.ts'
import { warnUser } from './warn-user.ts'
import { LoopClock } from './watch/loop-clock.ts'
import { WireTap } from './watch/wire-tap.ts'

/** Where telemetry goes. Asked each time, since providers may be set late, or replaced. */
export interface Signals {
  tracer(): Tracer
  meter(): Meter
  logger(): Logger
}

const { indexOf } = Buffer.prototype

/** A search by the language takes ten times as long. */
const NATIVE = {
  isUtf8,
  indexOf: (bytes: Uint8Array, byte: number, from: number): number => Reflect.apply(indexOf, bytes, [byte, from]),
}

const OPERATION = createContextKey('streamgauge operation')

/** One stream in ten records the times between its chunks, where they are sampled. */
const TIMING_SAMPLE = 10

/**
 * Everything one instrumentation knows: its options, its counters, and the operations that are open.
 *
 * It is what the patches talk to. Nothing here may throw into them but through `guard`.
 */
export class Gauge {
  isEnabled = true
  /** Operations that have ended. */
  ended = 0
  #options: ResolvedOptions
  readonly signals: Signals
  readonly cells: Cells = new Cells()
  readonly loop: LoopClock = new LoopClock(performance.now())
  readonly #wire = new WireTap(() => this.currentOperation()?.requested())
  readonly #open = new Set<Operation>()
  readonly #byController = new WeakMap<object, Operation>()
  #meter: Meter | undefined
  #histograms: Histograms | undefined
  #stopObserving: (() => void) | undefined
  #streams = 0
  #hasOtherOfOpenAI = false
  /** An operation whose promise, stream or iterator nobody holds any more comes to its end here. */
  readonly #registry = new FinalizationRegistry<Operation>((operation) =>
    guard('collection', () => operation.collected()),
  )

  constructor(options: ResolvedOptions, signals: Signals) {
    this.#options = options
    this.signals = signals
    // What is still open when the process has nothing left to do will never be read: a registry would not say so then.
    beforeExit(() => this.finishOpen())
  }

  get options(): ResolvedOptions {
    return this.#options
  }

  /** For operations that begin from now on. */
  set options(options: ResolvedOptions) {
    if (options.semconv !== this.#options.semconv) this.#histograms = undefined
    this.#options = options
  }

  /** Histograms on the meter of now. A meter that changed gets the counters as well, and the old one loses them. */
  get histograms(): Histograms {
    const meter = this.signals.meter()
    if (this.#histograms === undefined || meter !== this.#meter) {
      this.#stopObserving?.()
      this.#meter = meter
      this.#stopObserving = observeCells(meter, this.cells)
      this.#histograms = new Histograms(meter, this.options.semconv)
    }
    return this.#histograms
  }

  /** Starts watching a request; `undefined` where it is none of ours. */
  begin(client: unknown, sdkOptions: unknown): Operation | undefined {
    const parent = context.active()
    if (!this.isEnabled || isTracingSuppressed(parent)) return undefined
    const request = readRequest(client, sdkOptions)
    if (request === undefined) return undefined
    const { options, histograms } = this
    // Whatever may fail comes before the span: one that nobody holds would never end.
    const terminator = findTerminatorRule(request.host, request.model, options.dialects)
    const nowMs = performance.now()
    this.loop.tick(nowMs)
    const wallOffsetMs = Date.now() - nowMs
    const name = request.model === '' ? request.operation : `${request.operation} ${request.model}`
    const span = this.signals
      .tracer()
      .startSpan(
        name,
        { kind: SpanKind.CLIENT, attributes: request.attributes, startTime: nowMs + wallOffsetMs },
        parent,
      )
    const monitor = new StreamMonitor(
      {
        api: request.api,
        decode: 'consumer',
        terminator,
        usageRequested: request.usageRequested,
        choices: request.choices,
        host: request.host,
        stallThresholdMs: options.stallThresholdMs,
        recorderBytes: options.recorderBytes,
        recordedReads: readsToRecord(options.chunkSpans, options.maxChunkSpans),
        native: NATIVE,
        blockedMs: (fromMs, toMs) => this.loop.blockedMs(fromMs, toMs),
      },
      nowMs,
    )
    const operation = new Operation({
      gauge: this,
      request,
      monitor,
      span,
      context: trace.setSpan(parent, span),
      cell: this.cells.of(request),
      wallOffsetMs,
      timesChunks: request.isStream && this.#timesChunks(),
      countsTokens: this.#countsTokens(parent),
      histograms,
    })
    this.#open.add(operation)
    if (operation.isStream) this.#wire.open()
    return operation
  }

  /** The context in which a request is sent: its spans become children, and its retries find the operation. */
  contextOf(operation: Operation): ReturnType<typeof context.active> {
    return operation.context.setValue(OPERATION, operation)
  }

  /** The operation on whose behalf the running code was called, if any. */
  currentOperation(): Operation | undefined {
    const found = context.active().getValue(OPERATION)
    return found instanceof Operation ? found : undefined
  }

  /** Ties an operation to the SDK's controller of its request: the one object that every later step has at hand. */
  bind(controller: object, operation: Operation): void {
    this.#byController.set(controller, operation)
  }

  operationOf(controller: unknown): Operation | undefined {
    return typeof controller === 'object' && controller !== null ? this.#byController.get(controller) : undefined
  }

  /** From now on the operation ends, at the latest, when nobody holds `owner` any more. */
  ownedBy(owner: object, operation: Operation): void {
    this.#registry.unregister(operation)
    this.#registry.register(owner, operation, operation)
  }

  /** The operation has ended. */
  close(operation: Operation): void {
    this.#open.delete(operation)
    if (operation.isStream) this.#wire.close()
    this.ended++
    this.#registry.unregister(operation)
  }

  /** Ends whatever is open, as if nobody held it any more. */
  finishOpen(): void {
    for (const operation of this.#open) guard('the end of the process', () => operation.collected())
  }

  /** Tokens that another instrumentation counts as well would show twice on every dashboard that adds them up. */
  #countsTokens(parent: Context): boolean {
    const other = findOtherInstrumentation(parent)
    if (other === undefined) return !this.#hasOtherOfOpenAI
    // It counts those as well whose spans are not sampled, in which it cannot be seen.
    if (other.isOfOpenAI) this.#hasOtherOfOpenAI = true
    warnUser(
      `${other.name} makes spans of the same requests to openai: each shows twice. Tokens are left to it; ` +
        'take one of the two away to have one span for a request.',
    )
    return false
  }

  #timesChunks(): boolean {
    const { chunkTiming } = this.options
    return chunkTiming === 'all' || (chunkTiming === 'sampled' && this.#streams++ % TIMING_SAMPLE === 0)
  }
}
