import { Buffer, isUtf8 } from 'node:buffer'
import {
  context,
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  trace,
  SpanKind,
  type Context,
  type Logger,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { findTerminatorRule, ReadBatch, StreamMonitor } from '@streamgauge/core'
import { beforeExit } from './before-exit.ts'
import { currentOperation } from './find-operation.ts'
import { guard } from './guard.ts'
import { Operation } from './operation.ts'
import { enter, type Claims } from './patch/patched.ts'
import type { ResolvedOptions } from './read-options.ts'
import { findOtherInstrumentation } from './request/other-instrumentation.ts'
import { readRequest, type RequestFacts } from './request/request-facts.ts'
import { Cells } from './telemetry/cells.ts'
import { ChunkTimes } from './telemetry/chunk-times.ts'
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

/** One stream in ten records the times between its chunks, where they are sampled. */
const TIMING_SAMPLE = 10

/**
 * Everything one instrumentation knows: its options, its counters, and the operations that are open.
 *
 * It is what the patches talk to. Nothing here may throw into them but through `guard`.
 */
export class Gauge {
  #isEnabled = true
  /** What it watches, as far as nobody else does. */
  readonly #claims = new Set<Claims>()
  /** Operations that have ended. */
  ended = 0
  #options: ResolvedOptions
  readonly signals: Signals
  readonly cells: Cells = new Cells()
  readonly loop: LoopClock = new LoopClock(performance.now())
  readonly #wire = new WireTap(() => {
    const operation = currentOperation()
    return operation !== undefined && this.#open.has(operation) ? operation.requested() : undefined
  })
  readonly #batch = new ReadBatch(NATIVE)
  /** One for all streams. */
  readonly #blockedMs = (fromMs: number, toMs: number): number => this.loop.blockedMs(fromMs, toMs)
  readonly #open = new Set<Operation>()
  readonly #sdkVersions = new Set<string>()
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
  }

  get isEnabled(): boolean {
    return this.#isEnabled
  }

  /** Who is disabled gives way to who else is there, and comes after them when it is enabled again. */
  set isEnabled(isEnabled: boolean) {
    if (isEnabled === this.#isEnabled) return
    this.#isEnabled = isEnabled
    if (!isEnabled) this.#wire.stop()
    for (const claims of this.#claims) {
      if (isEnabled) enter(claims, this)
      else claims.delete(this)
    }
  }

  /** Watches a class whenever it is enabled, and nobody was there before. */
  claim(claims: Claims): void {
    this.#claims.add(claims)
    if (this.#isEnabled) enter(claims, this)
  }

  /** A version of the SDK is watched from now on, which shows before its first request. */
  watches(sdkVersion: string): void {
    this.#sdkVersions.add(sdkVersion)
    void this.histograms
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
    return guard('a meter', () => this.#ofMeter(this.signals.meter())) ?? this.#ofMeter(createNoopMeter())
  }

  /** The meter may have changed: what is open has to be seen by the new one, though no other request may come. */
  followMeter(): void {
    if (this.#meter !== undefined) void this.histograms
  }

  #ofMeter(meter: Meter): Histograms {
    if (meter !== this.#meter) {
      const stop = this.#stopObserving
      this.#stopObserving = undefined
      this.#histograms = undefined
      guard('leaving a meter', () => stop?.())
      this.#stopObserving = observeCells(meter, this.cells, () => (this.#isEnabled ? this.#sdkVersions : []))
      this.#meter = meter
    }
    return (this.#histograms ??= new Histograms(meter, this.options.semconv))
  }

  /** Starts watching a request; `undefined` where it is none of ours. */
  begin(client: unknown, sdkOptions: unknown): Operation | undefined {
    const parent = context.active()
    if (!this.isEnabled || isTracingSuppressed(parent)) return undefined
    const request = readRequest(client, sdkOptions)
    if (request === undefined) return undefined
    const { options } = this
    // Whatever may fail comes before the span: one that nobody holds would never end.
    const terminator = findTerminatorRule(request.host, request.model, options.dialects)
    // The counters are read while the stream is in flight, also where nothing is recorded before its end.
    void this.histograms
    const nowMs = performance.now()
    this.loop.tick(nowMs)
    const wallOffsetMs = Date.now() - nowMs
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
        batch: this.#batch,
        blockedMs: this.#blockedMs,
      },
      nowMs,
    )
    const tracer = guard('a tracer', () => this.signals.tracer())
    const span = startSpan(tracer, request, nowMs + wallOffsetMs, parent)
    const operation = new Operation({
      gauge: this,
      request,
      monitor,
      tracer,
      span,
      parent,
      cell: this.cells.of(request),
      wallOffsetMs,
      chunkTimes: request.isStream ? this.#chunkTimes() : undefined,
      countsTokens: this.#countsTokens(parent),
    })
    // What is still open when the process has nothing left to do will never be read: a registry would not say so then.
    if (this.#open.size === 0) beforeExit.add(this.#finishOpen)
    this.#open.add(operation)
    if (operation.isStream) {
      this.#wire.open()
      this.loop.watch(this.#open)
    }
    return operation
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
    if (this.#open.size === 0) beforeExit.delete(this.#finishOpen)
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

  readonly #finishOpen = (): void => this.finishOpen()

  #chunkTimes(): ChunkTimes | undefined {
    const { chunkTiming } = this.options
    if (chunkTiming === 'off' || (chunkTiming === 'sampled' && this.#streams++ % TIMING_SAMPLE !== 0)) return undefined
    return new ChunkTimes(chunkTiming === 'all')
  }
}

/** A provider or a processor of the application may throw: what is counted and logged does without the span then. */
function startSpan(tracer: Tracer | undefined, request: RequestFacts, startTime: number, parent: Context): Span {
  const name = request.model === '' ? request.operation : `${request.operation} ${request.model}`
  const options = { kind: SpanKind.CLIENT, attributes: request.attributes, startTime }
  return guard('the start of a span', () => tracer?.startSpan(name, options, parent)) ?? noSpan(parent)
}

/** What is sent below it belongs to the caller's span. */
function noSpan(parent: Context): Span {
  return trace.wrapSpanContext(trace.getSpanContext(parent) ?? INVALID_SPAN_CONTEXT)
}
