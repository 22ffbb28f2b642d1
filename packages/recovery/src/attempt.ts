import { readErrorFacts, type StreamReport } from '@streamgauge/core'
import type { Clock } from './clock.ts'
import { readProperty } from './records.ts'
import type { ConsumerEnding, StreamWatch } from './stream-watch.ts'

/** What `start` may return: what `create` of an SDK returns, or any other stream. */
export type StreamSource<Chunk> = AsyncIterable<Chunk> | PromiseLike<AsyncIterable<Chunk>>

/** What comes of asking an attempt for its next chunk. */
export type Step<Chunk> =
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** It is over, well or not: as the report says. */
  | { readonly kind: 'ended'; readonly report: StreamReport; readonly cause: unknown }
  /** The app wants no more of it. */
  | { readonly kind: 'left' }
  /** Something is wrong with the program, and not with the stream. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** One attempt at a stream: asks for it, and hands over its chunks one by one, as they are asked for. */
export class Attempt<Chunk> {
  readonly watch: StreamWatch
  readonly #controller = new AbortController()
  readonly #open: (signal: AbortSignal) => StreamSource<Chunk>
  readonly #clock: Clock
  readonly #idleTimeoutMs: number | undefined
  #iterator: AsyncIterator<Chunk> | undefined
  #settle: ((step: Step<Chunk>) => void) | undefined
  #isOver = false
  /** It has come to its own end: what else the app does with its signal is not to be disturbed. */
  #isSpent = false

  /** @param open asks for the stream; called once, with the first `next()` */
  constructor(
    open: (signal: AbortSignal) => StreamSource<Chunk>,
    watch: StreamWatch,
    clock: Clock,
    idleTimeoutMs: number | undefined,
  ) {
    this.#open = open
    this.watch = watch
    this.#clock = clock
    this.#idleTimeoutMs = idleTimeoutMs
  }

  /** The next step. Not to be called again before it has settled; never rejects. */
  next(): Promise<Step<Chunk>> {
    return new Promise((resolve) => {
      if (this.#isOver) return resolve({ kind: 'left' })
      const stopTimer = this.#watchSilence()
      this.#settle = (step) => {
        this.#settle = undefined
        stopTimer()
        if (step.kind !== 'chunk') this.#isOver = true
        resolve(step)
      }
      this.#pull().then(
        (step) => this.#settle?.(step),
        (error: unknown) => this.#settle?.({ kind: 'failed', error }),
      )
    })
  }

  /** Ends it at once, whatever it waits for. Nothing comes of it any more. */
  abort(reason: unknown, ending: ConsumerEnding): void {
    this.#isOver = true
    // What the abort leads to is no fault of the stream.
    this.watch.left(ending)
    this.#settle?.({ kind: 'left' })
    this.#controller.abort(reason)
    closeQuietly(this.#iterator)
  }

  /** Lets go of what is left of it, if anything is. */
  close(): void {
    this.#isOver = true
    if (this.#isSpent) return
    // The iterator first: a stream that is left is not one that was aborted. It may wait for what the abort then ends.
    closeQuietly(this.#iterator)
    this.#controller.abort(new DOMException('The stream is not read any further.', 'AbortError'))
  }

  async #pull(): Promise<Step<Chunk>> {
    if (this.#iterator === undefined) {
      try {
        this.#iterator = await this.#begin()
      } catch (error) {
        if (!isRequestError(error)) return { kind: 'failed', error }
        return { kind: 'ended', report: this.watch.requestFailed(error), cause: error }
      }
      // It came after the app had left.
      if (this.#isOver) closeQuietly(this.#iterator)
    }
    try {
      const result = await this.#iterator.next()
      return result.done === true ? this.#done() : this.#take(result.value)
    } catch (error) {
      return this.#threw(error)
    }
  }

  async #begin(): Promise<AsyncIterator<Chunk>> {
    const source = this.#open(this.#controller.signal)
    const withResponse = (source as { readonly withResponse?: unknown } | undefined)?.withResponse
    let stream: AsyncIterable<Chunk>
    if (typeof withResponse === 'function') {
      const { data, response } = (await Reflect.apply(withResponse, source, [])) as {
        readonly data: AsyncIterable<Chunk>
        readonly response: unknown
      }
      this.watch.responded(response)
      stream = data
    } else stream = await source
    if (typeof stream?.[Symbol.asyncIterator] !== 'function') {
      throw new TypeError('That is no stream: is `stream: true` in the request?')
    }
    return stream[Symbol.asyncIterator]()
  }

  #done(): Step<Chunk> {
    this.#isSpent = true
    const report = this.watch.done()
    if (report.outcome !== 'cancelled') return { kind: 'ended', report, cause: undefined }
    // Somebody else has aborted it, which the SDKs show as an end like any other.
    return { kind: 'failed', error: new DOMException('The stream was aborted before its end.', 'AbortError') }
  }

  #take(chunk: Chunk): Step<Chunk> {
    if (!this.watch.took(chunk)) return { kind: 'chunk', chunk }
    // The server's error is no part of the answer.
    this.close()
    return { kind: 'ended', report: this.watch.done(), cause: chunk }
  }

  #threw(error: unknown): Step<Chunk> {
    const report = this.watch.threw(error)
    // What is thrown behind a whole answer, or where the bytes are not seen, may as well be a mistake of the program.
    const isDoubtful = this.watch.isUnseen || report.fault?.code === 'late_transport_error'
    const isStreams = report.outcome === 'broken' && (!isDoubtful || isStreamError(error))
    return isStreams ? { kind: 'ended', report, cause: error } : { kind: 'failed', error }
  }

  #watchSilence(): () => void {
    const limitMs = this.#idleTimeoutMs
    if (limitMs === undefined) return () => {}
    this.watch.lastSignAtMs = this.#clock.nowMs()
    let stop = (): void => {}
    const wait = (delayMs: number): void => {
      stop = this.#clock.setTimer(() => {
        const leftMs = this.watch.lastSignAtMs + limitMs - this.#clock.nowMs()
        if (leftMs > 0) return wait(leftMs)
        const report = this.watch.timedOut()
        this.#settle?.({ kind: 'ended', report, cause: undefined })
        this.close()
      }, delayMs)
    }
    wait(limitMs)
    return () => stop()
  }
}

/** Whatever becomes of it: nobody waits for it any more. */
function closeQuietly(iterator: AsyncIterator<unknown> | undefined): void {
  try {
    iterator?.return?.()?.then(undefined, () => {})
  } catch {}
}

/** An error of a request, and not of the program that makes it: it has a status, is one of the SDK's, or of the network. */
function isRequestError(error: unknown): boolean {
  const { status, names, codes } = readErrorFacts(error)
  if (status !== undefined || names.some((name) => REQUEST_ERRORS.test(name))) return true
  // In a bundle, the classes of the SDK may have lost their names.
  const message = readProperty(error, 'message')
  return codes.some((code) => NETWORK_CODES.test(code)) || (typeof message === 'string' && MESSAGES.test(message))
}

/** An error of a request, of its connection, or of the parser of the SDK. */
function isStreamError(error: unknown): boolean {
  if (MISUSE.test(String(readProperty(error, 'message')))) return false
  return isRequestError(error) || readErrorFacts(error).names.some((name) => STREAM_ERRORS.test(name))
}

/** `start` gave a stream that it had given before. */
const MISUSE = /^Cannot iterate over a consumed stream/

const STREAM_ERRORS = /^(SyntaxError|APIError|OpenAIError)$/

/** An abort is none: what the app has ended is not asked for again. */
const REQUEST_ERRORS = /^(APIConnection(Timeout)?Error|FetchError|TimeoutError)$/

/** Of sockets, and not of files: a program that finds no file isn't helped by another attempt. */
const NETWORK_CODES =
  /^(E(CONN|NET|HOST|PIPE$|PROTO$|NOTFOUND$|NODATA$|AI_|ADDR|TIMEDOUT$|SOCKETTIMEDOUT$)|UND_ERR_|HPE_|CERT_|Z_|BR_|ZSTD_|ERR_(HTTP2|STREAM|SOCKET|TLS|SSL|BROTLI|_ERROR_FORMAT))/

const MESSAGES = /^(fetch failed$|terminated$|Connection error\.$|Request timed out\.)/
