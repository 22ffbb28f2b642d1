import type { AnswerRequest, WholeAnswer } from './answer/answer.ts'
import type { StreamEvent } from './answer/stream-event.ts'

/**
 * One request and the socket under its answer: all that an injector sees.
 *
 * Every method resolves when the bytes were handed to the operating system, and rejects once the client or the server is
 * gone; an injector needn't catch that.
 *
 * @public
 */
export interface Exchange {
  readonly request: AnswerRequest
  /** Which attempt of the SDK's it is, from 0: the SDK says so in the header `x-stainless-retry-count`. */
  readonly attempt: number
  /** The healthy answer as a stream. */
  readonly events: readonly StreamEvent[]
  /** The healthy answer in one piece, as it is where no stream is asked for. */
  readonly whole: WholeAnswer
  /** Sends the response head, at once and alone. Default: 200 with the headers of an event stream, chunked. */
  headers(status?: number, headers?: Readonly<Record<string, string>>): Promise<void>
  /** Sends bytes of the body; each call reaches the socket as a write of its own (and, chunked, as one HTTP chunk). */
  write(bytes: string | Uint8Array): Promise<void>
  /** Sends bytes on the socket itself, beneath the framing of HTTP/1. */
  raw(bytes: string | Uint8Array): Promise<void>
  /** Waits so many milliseconds, multiplied by the option `timeScale`. */
  pause(durationMs: number): Promise<void>
  /** Waits the option `delayMs`: the pause before each event of every stream. */
  pace(): Promise<void>
  /** Waits the option `settleMs`, so that the client reads what was sent before something discards it. */
  settle(): Promise<void>
  /** Ends the body as HTTP demands. */
  end(): Promise<void>
  /** Settles, then closes the connection by FIN, whatever HTTP's framing still promised. */
  close(): Promise<void>
  /** Settles, then resets the connection by RST. */
  reset(): Promise<void>
  /** HTTP/2: settles, then resets the stream, and leaves the connection as it is. Rejects with HTTP/1. */
  resetStream(code: 'INTERNAL_ERROR' | 'CANCEL'): Promise<void>
  /** HTTP/2: settles, then says GOAWAY and closes the connection. Rejects with HTTP/1. */
  goAway(): Promise<void>
  /** Sends nothing more; after the option `holdMs`, should the client still be there, drops the connection. */
  hold(): Promise<void>
}
