import type { Readable, Transform } from 'node:stream'
import { readErrorFacts, WireRecord, type StreamMonitor } from '@streamgauge/core'
import { Arrival } from './arrival.ts'
import { LineScanner } from './line-scanner.ts'
import { Pieces } from './pieces.ts'

/** How the reading of a body came to its end. */
export type BodyStop =
  | 'end'
  | 'failed'
  /** More bytes came than an answer of so many tokens has. */
  | 'too_long'
  /** The answer was over, and the body stayed open. */
  | 'left_open'
  /** It was given up: the time was over. */
  | 'given_up'

/** Most bytes of a body that are read, compressed or not: 256 tokens take some 80 KiB. */
export const MAX_BODY_BYTES = 4_194_304
/** Bytes kept of a body's beginning. */
const HEAD_BYTES = 4096
/** How long a body may stay open after its answer is over, in milliseconds. */
const LEFT_OPEN_MS = 2000

/** A body that is gone without an end. Its code is the one that streams of Node.js have for it. */
export const CLOSED: Error = Object.assign(new Error('closed inside the body'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })

/** How a body is read. */
export interface BodySource {
  readonly body: Readable
  /** Makes what takes its compression off, by its first byte, where there is any. */
  readonly createDecoder: ((firstByte: number) => Transform) | undefined
  readonly monitor: StreamMonitor
  /** Gives up when it is aborted. */
  readonly signal: AbortSignal
  /** What the connection said of its failure, where it said more than the body. */
  readonly reason: () => Error | undefined
}

/** Reads a body to its end, or as far as it may go, and tells the monitor of everything. Its memory is bounded. */
export class BodyReader {
  readonly lines: LineScanner = new LineScanner()
  readonly arrival: Arrival = new Arrival()
  readonly wire: WireRecord = new WireRecord()
  /** The first bytes, for the message of a server that refuses. */
  head: Buffer = Buffer.alloc(0)
  readonly #source: BodySource
  readonly #pieces = new Pieces((bytes, atMs) => this.#read(bytes, atMs))
  #decoder: Transform | undefined
  #leftOpen: NodeJS.Timeout | undefined
  #resolve: ((stop: BodyStop) => void) | undefined

  constructor(source: BodySource) {
    this.#source = source
    source.monitor.wire = this.wire
  }

  /** Never rejects. */
  run(): Promise<BodyStop> {
    const { body, createDecoder, monitor, signal, reason } = this.#source
    const fail = (error: Error): void =>
      this.#finish('failed', () => monitor.fail(readErrorFacts(reason() ?? error), performance.now()))
    const end = (): void => {
      const error = reason()
      if (error === undefined) this.#finish('end', () => monitor.eof(performance.now()))
      else fail(error)
    }
    const ended = new Promise<BodyStop>((resolve) => (this.#resolve = resolve))
    monitor.pull(performance.now())
    signal.addEventListener('abort', this.#giveUp, { once: true })
    body.on('data', (bytes: Buffer) => {
      this.wire.add(bytes.length, performance.now())
      if (this.wire.bytes > MAX_BODY_BYTES) this.#cancel('too_long')
      else if (createDecoder === undefined) this.#take(bytes)
      else (this.#decoder ??= this.#listenTo(createDecoder(bytes[0] ?? 0), end)).write(bytes)
    })
    body.once('error', fail).once('end', () => (this.#decoder === undefined ? end() : this.#decoder.end()))
    body.once('close', () => (body.readableEnded ? undefined : fail(CLOSED)))
    body.on('error', () => {})
    if (signal.aborted) this.#giveUp()
    return ended
  }

  #listenTo(decoder: Transform, end: () => void): Transform {
    decoder.on('data', (bytes: Buffer) => this.#take(bytes)).once('end', end)
    // What comes after the first error, such as that of being destroyed, says nothing new.
    return decoder.on('error', (error) =>
      this.#finish('failed', () => this.#source.monitor.fail(readErrorFacts(error), performance.now())),
    )
  }

  #take(bytes: Buffer): void {
    this.#pieces.add(bytes)
    if (this.#pieces.bytes > MAX_BODY_BYTES) this.#cancel('too_long')
  }

  #read(bytes: Buffer, atMs: number): void {
    const { monitor } = this.#source
    const before = this.lines.dataLines
    this.lines.push(bytes)
    this.arrival.add(atMs, this.lines.dataLines - before)
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, bytes]).subarray(0, HEAD_BYTES)
    monitor.read(bytes, atMs)
    monitor.pull(performance.now())
    if (this.lines.sawEnd) this.#leftOpen ??= setTimeout(() => this.#cancel('left_open'), LEFT_OPEN_MS)
  }

  readonly #giveUp = (): void => this.#finish('given_up', () => {})

  #cancel(stop: BodyStop): void {
    this.#finish(stop, () => this.#source.monitor.cancel(performance.now()))
  }

  #finish(stop: BodyStop, tellMonitor: () => void): void {
    const resolve = this.#resolve
    if (resolve === undefined) return
    this.#pieces.flush()
    this.#resolve = undefined
    clearTimeout(this.#leftOpen)
    const { body, signal } = this.#source
    signal.removeEventListener('abort', this.#giveUp)
    tellMonitor()
    body.destroy()
    this.#decoder?.destroy()
    resolve(stop)
  }
}
