import { Answer } from '../answer/answer.ts'
import { takeEvent } from '../answer/take-event.ts'
import type { ErrorFacts } from '../faults/error-facts.ts'
import type { BadEvent, BodyEnd, Ending, ResponseFacts } from '../faults/evidence.ts'
import { FlightRecorder } from '../recorder/flight-recorder.ts'
import { ReadRing } from '../recorder/read-ring.ts'
import type { WireRecord } from '../recorder/wire-record.ts'
import { FrameReader } from '../sse/frame-reader.ts'
import { createUtf8Checker, type Utf8Checker } from '../utf8-checker.ts'
import { HEAD_BYTES } from './body-head.ts'
import { decodeEvent } from './decode-event.ts'
import { MAX_BATCHED_BYTES, type ReadBatch } from './read-batch.ts'
import { isRecord } from '../answer/json-record.ts'
import { judge } from './judge.ts'
import {
  DEFAULT_RECORDED_READS,
  DEFAULT_RECORDER_BYTES,
  DEFAULT_STALL_THRESHOLD_MS,
  LONG_WAIT_MS,
  MAX_DECODED_EVENT_BYTES,
  type MonitorOptions,
} from './options.ts'
import type { ChunkKind } from '../vocabulary.ts'
import type { StreamReport } from './report.ts'
import { ResumePoints } from './resume-points.ts'
import { nextState, type StreamSignal, type StreamState } from './stream-state.ts'

/**
 * Watches one stream from its request to its end, and says how it ended and why.
 *
 * It is told what happens (headers, reads with their bytes, the reader's end) with the time of each, and answers with one
 * report. It has no clock, no timer and no I/O, never throws, and its memory does not grow with the stream.
 */
export class StreamMonitor {
  readonly options: MonitorOptions
  readonly startedAtMs: number
  readonly answer: Answer
  readonly #frames: FrameReader
  readonly recorder: FlightRecorder
  readonly readRing: ReadRing
  readonly utf8: Utf8Checker
  readonly stallThresholdMs: number

  state: StreamState = 'requested'
  response: ResponseFacts | undefined
  bodyEnd: BodyEnd = 'none'
  bodyError: ErrorFacts | undefined
  badEvent: (BadEvent & { readonly start: number; readonly end: number; readonly breakAt?: number }) | undefined
  /** Byte range of the event that brought the server's error, where it was decoded here. */
  errorEvent: { readonly start: number; readonly end: number } | undefined

  /** `[DONE]` was read, with all events before it. Settled at the end. */
  sawDone = false

  /** When the pieces of the body came, where somebody below the reader tells. */
  wire: WireRecord | undefined

  /** The first bytes of a body without events. */
  head: Uint8Array = NO_BYTES
  reads = 0
  /** Events that the first read brought whole. */
  firstReadEvents = 0
  headersAtMs: number | undefined
  /** Wait for the headers, in milliseconds. */
  headersWaitMs = 0
  /** Time before the first bytes were seen in which this process was too busy to see them: they may have come in all of it. */
  firstBlockedMs = 0
  firstReadAtMs = 0
  lastReadAtMs = 0
  firstChunkAtMs: number | undefined
  firstWaitMs = 0
  lastWaitMs = 0
  /** The longest wait before the last one, that for the first bytes among them. */
  longestEarlierWaitMs = 0
  maxGapMs = 0
  /** Sum of the waits after the first, in milliseconds. */
  waitMs = 0
  /** Sum of the time the consumer took, in milliseconds. */
  consumerIdleMs = 0
  stalls = 0
  longestStallMs = 0
  stalledAtMs = 0
  /** Events in the read that ended the longest stall. */
  eventsAfterStall = 0

  /** Events handed to the consumer (or decoded here): all before it were taken. */
  taken = 0
  readonly #decodesHere: boolean
  readonly #batch: ReadBatch | undefined
  /** Reads that wait in the batch. */
  #batched = 0
  #pulledAtMs = 0
  readonly #resumePoints = new ResumePoints()
  #report: StreamReport | undefined

  constructor(options: MonitorOptions, startedAtMs: number) {
    this.options = options
    this.#decodesHere = options.decode !== 'consumer'
    this.#batch = this.#decodesHere ? undefined : options.batch
    this.startedAtMs = startedAtMs
    this.answer = new Answer(options.api ?? 'unknown', options.choices ?? 1)
    this.stallThresholdMs = options.stallThresholdMs ?? DEFAULT_STALL_THRESHOLD_MS
    const bytes = options.recorderBytes ?? DEFAULT_RECORDER_BYTES
    this.recorder = new FlightRecorder(this.#decodesHere ? Math.max(bytes, MAX_DECODED_EVENT_BYTES) : bytes)
    this.readRing = new ReadRing(options.recordedReads ?? DEFAULT_RECORDED_READS)
    this.utf8 = createUtf8Checker(options.native?.isUtf8)
    this.#frames = new FrameReader(
      this.#decodesHere ? (index, start, end, isEmpty) => decodeEvent(this, { index, start, end, isEmpty }) : undefined,
      options.native?.indexOf,
    )
  }

  /** The response's headers are in. */
  headers(facts: ResponseFacts, nowMs: number): void {
    if (!this.#move('headers')) return
    this.response = facts
    this.headersAtMs = nowMs
    this.headersWaitMs = this.#waitForNetwork(nowMs - this.startedAtMs, nowMs)
    this.firstBlockedMs = nowMs - this.startedAtMs - this.headersWaitMs
  }

  /** The consumer asks for bytes: from now on it waits. */
  pull(nowMs: number): void {
    const before = this.state
    if (before === 'consuming') this.state = 'waiting'
    else if (!this.#move('pull')) return
    // What the consumer lets pass before its first read is its own as well.
    if (before === 'consuming') this.consumerIdleMs += nowMs - this.lastReadAtMs
    else if (before === 'open') this.consumerIdleMs += nowMs - (this.headersAtMs ?? nowMs)
    this.#pulledAtMs = nowMs
    // Whoever asks for more has done with what it got: nobody but us would hold it any longer.
    if (this.recorder.referenced > 0) this.recorder.settle(this.#neededFrom())
  }

  /** Bytes came. They may be kept by reference until the next call. */
  read(chunk: Uint8Array, nowMs: number): void {
    // As the table says: what every read does is not looked up. Bytes that nobody asked for were not waited for.
    if (this.state === 'waiting') this.state = 'consuming'
    else if (this.#move('bytes')) this.#pulledAtMs = nowMs
    else return
    const { stalledAtMs } = this
    this.#waited(nowMs)
    this.readRing.push(chunk.length, this.#pulledAtMs, nowMs)
    this.reads++
    this.lastReadAtMs = nowMs
    if (this.#canWait(chunk) && this.stalledAtMs === stalledAtMs) {
      this.#batched++
      this.#batch?.add(this, chunk, this.taken)
      return
    }
    this.#settle()
    const eventsBefore = this.#frames.events
    this.#take(chunk, this.taken, false)
    if (this.reads === 1) this.firstReadEvents = this.#frames.events
    if (this.stalledAtMs !== stalledAtMs) this.eventsAfterStall = this.#frames.events - eventsBefore
  }

  /** The consumer was handed the next event's value; says what it brought. Only where the consumer decodes. */
  payload(value: unknown): ChunkKind {
    // The name of its event counts, where it is not plainly a piece of an answer.
    if (this.#batched > 0 && !hasChoices(value)) this.#settle()
    const index = this.taken++
    const kind = takeEvent(this.answer, value, index, index === this.#frames.errorEventIndex)
    if (kind === 'output') this.firstChunkAtMs ??= this.lastReadAtMs
    return kind
  }

  /** The body ended in order. */
  eof(nowMs: number): void {
    this.#endBody('eof', 'eof', nowMs)
  }

  /** The body failed. */
  fail(error: ErrorFacts, nowMs: number): void {
    if (this.#endBody('error', 'failed', nowMs)) this.bodyError = error
  }

  /** The reader gave the rest of the body up. */
  cancel(nowMs: number): void {
    this.#endBody('cancel', 'cancelled', nowMs)
  }

  /** The watching is over. The first ending counts; later ones get the same report. */
  finish(ending: Ending, nowMs: number): StreamReport {
    if (this.#report !== undefined) return this.#report
    this.#settle()
    this.#stillWaiting(nowMs)
    this.#move('finish')
    if (!this.#decodesHere && (ending.kind === 'threw' || ending.kind === 'done')) this.#decodeWhatWasNotTaken()
    this.#report = judge(this, ending, nowMs)
    return this.#report
  }

  /** A copy of the bytes still held from `from` to `to`, with the offset of the first. @internal */
  bytesBetween(from: number, to: number): { readonly bytes: Uint8Array; readonly offset: number } {
    return this.recorder.slice(from, to)
  }

  /** The borders of the events, in all that was read. @internal */
  get frames(): FrameReader {
    this.#settle()
    return this.#frames
  }

  /** A read that waited is looked at. @see BatchedReader.lookAt @internal */
  lookAt(chunk: Uint8Array, taken: number, isPlain: boolean): void {
    this.#batched--
    this.#take(chunk, taken, isPlain)
    const { errorEventIndex } = this.#frames
    // An event that was called an error, and was handed over as a piece of the answer before its name was seen.
    if (errorEventIndex !== -1 && errorEventIndex < this.taken) this.answer.upstreamErrorAt ??= errorEventIndex
  }

  /** `[DONE]` was read, and the consumer has taken all events before it. @internal */
  get readDone(): boolean {
    // openai 4 loses the event that follows a byte order mark.
    const lost = this.frames.sawByteOrderMark ? 1 : 0
    return this.frames.doneAtEvent !== -1 && this.taken + lost >= this.frames.doneAtEvent
  }

  /**
   * The record of the wire, where it is that of this very body: another request of the same call may have been taken for it.
   * It must have begun before the first read, and have brought what was read; of a compressed body only the first can be told.
   *
   * @internal
   */
  get trustedWire(): WireRecord | undefined {
    const { wire, response } = this
    if (wire === undefined || wire.pieces === 0 || wire.firstAtMs > this.firstReadAtMs) return undefined
    return response?.contentEncoding !== undefined || wire.bytes >= this.frames.bytes ? wire : undefined
  }

  #move(signal: StreamSignal): boolean {
    const next = nextState(this.state, signal)
    if (next === undefined) return false
    this.state = next
    return true
  }

  /** The part of a wait in which bytes would have been seen, had there been any. */
  #waitForNetwork(waitMs: number, nowMs: number): number {
    if (waitMs < LONG_WAIT_MS || this.options.blockedMs === undefined) return waitMs
    return Math.max(0, waitMs - this.options.blockedMs(nowMs - waitMs, nowMs))
  }

  /** A wait is over. What began it is read here: as an argument, a difference would be an object whenever this is not inlined. */
  #waited(nowMs: number): void {
    const passedMs = nowMs - this.#pulledAtMs
    const waitMs = this.#waitForNetwork(passedMs, nowMs)
    if (this.reads === 0) {
      this.firstWaitMs = waitMs
      this.firstBlockedMs += passedMs - waitMs
      this.firstReadAtMs = nowMs
    } else {
      this.waitMs += waitMs
      if (waitMs > this.maxGapMs) this.maxGapMs = waitMs
    }
    if (this.lastWaitMs > this.longestEarlierWaitMs) this.longestEarlierWaitMs = this.lastWaitMs
    this.lastWaitMs = waitMs
    if (waitMs > this.stallThresholdMs) this.#stalled(waitMs, nowMs)
  }

  #stalled(waitMs: number, nowMs: number): void {
    this.stalls++
    if (waitMs <= this.longestStallMs) return
    this.eventsAfterStall = 0
    this.longestStallMs = waitMs
    this.stalledAtMs = nowMs
  }

  /** A wait that no byte ended counts as well: it is what a timeout cuts short. */
  #stillWaiting(nowMs: number): void {
    if (this.state !== 'waiting') return
    this.#waited(nowMs)
  }

  #keepHead(chunk: Uint8Array): void {
    const more = chunk.subarray(0, HEAD_BYTES - this.head.length)
    const head = new Uint8Array(this.head.length + more.length)
    head.set(this.head)
    head.set(more, this.head.length)
    this.head = head
  }

  #endBody(signal: StreamSignal, bodyEnd: BodyEnd, nowMs: number): boolean {
    this.#stillWaiting(nowMs)
    if (!this.#move(signal)) return false
    this.bodyEnd = bodyEnd
    return true
  }

  /** Small reads that begin with data wait to be looked at together with others, but for the first one. */
  #canWait(chunk: Uint8Array): boolean {
    return this.#batch !== undefined && this.reads > 1 && chunk[0] === LOWER_D && chunk.length <= MAX_BATCHED_BYTES
  }

  #settle(): void {
    if (this.#batched > 0) this.#batch?.settle()
  }

  #take(chunk: Uint8Array, taken: number, isPlain: boolean): void {
    if (!isPlain || !this.utf8.skip(chunk.length)) this.utf8.push(chunk)
    if (this.#decodesHere) this.#readInSlices(chunk)
    else this.#readWhole(chunk, taken, isPlain)
    if (this.#frames.events === 0 && this.head.length < HEAD_BYTES) this.#keepHead(chunk)
  }

  #readWhole(chunk: Uint8Array, taken: number, isPlain: boolean): void {
    this.#resumePoints.advance(this.#frames, taken)
    this.#frames.push(chunk, isPlain)
    this.recorder.push(chunk, this.#neededFrom(taken))
  }

  /** Slices keep every event of a large read within the recorder while it is decoded. */
  #readInSlices(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      const slice = chunk.subarray(start, start + SLICE_BYTES)
      this.recorder.push(slice, this.#neededFrom())
      this.#frames.push(slice)
    }
  }

  /**
   * Offset of the first byte that a fault may still be told from: the last event, what is open after it, and what the
   * consumer was not handed yet. Where there is no event, the whole body.
   */
  #neededFrom(taken: number = this.taken): number {
    const { badEvent, errorEvent } = this
    const frames = this.#frames
    if (frames.events === 0) return 0
    let from = Math.min(frames.lastEventStart, frames.frameStart)
    if (this.#decodesHere) {
      if (badEvent !== undefined) from = Math.min(from, badEvent.start)
      if (errorEvent !== undefined) from = Math.min(from, errorEvent.start)
      return from
    }
    return Math.min(from, this.#resumePoints.neededFrom(frames, taken))
  }

  /** Reads the last frames again, with decoding: those that the consumer was not handed are what it failed on. */
  #decodeWhatWasNotTaken(): void {
    if (this.taken >= this.frames.eventsBeforeDone) return
    const from = this.#resumePoints.find(this.taken, this.recorder.start)
    const { bytes, offset } = this.bytesBetween(from.start, this.frames.bytes)
    // The beginning of the first frame is gone where it was larger than the recorder: then it cannot be judged.
    const lost = offset > from.start
    const reader = new FrameReader(
      (position, start, end, isEmpty) => {
        const index = from.event + position
        if (index < this.taken || (lost && position === 0)) return
        decodeEvent(this, { index, start, end, isEmpty })
      },
      this.options.native?.indexOf,
      offset,
    )
    reader.push(bytes)
  }
}

/** Whether the value is plainly a piece of an answer, in the shape of chat. */
function hasChoices(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value['choices'])
}

const LOWER_D = 0x64
const NO_BYTES = new Uint8Array(0)
const SLICE_BYTES = 65_536
