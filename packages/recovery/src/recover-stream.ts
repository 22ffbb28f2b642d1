import type { StreamReport } from '@streamgauge/core'
import type { AttemptRecord } from './attempt-record.ts'
import type { StreamSource } from './attempt.ts'
import type { RecoverOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import { RecoverySession } from './recovery-session.ts'
import type { RestartMarker } from './restart-marker.ts'
import type { AttemptOptions } from './resume.ts'

/** What `start` is told of the attempt that it begins. */
export interface StartAttempt<Request> {
  /** From 1. */
  readonly number: number
  readonly action: 'start' | 'restart' | 'continue'
  /** What to send: the `request` of the options, or what has the model go on where it broke off. */
  readonly request: Request
  /** To be handed to the SDK: the signal that ends the attempt, and no retries beside those of recovery. */
  readonly options: AttemptOptions
  /** The signal once more, for what is no SDK. */
  readonly signal: AbortSignal
}

/** Asks for a stream: `({ request, options }) => client.chat.completions.create(request, options)`. */
export type StartStream<Chunk, Request> = (attempt: StartAttempt<Request>) => StreamSource<Chunk>

/** The chunks of an answer, whatever number of streams it takes. It is read once. */
export interface RecoveredStream<Chunk> extends AsyncIterableIterator<Chunk, undefined, unknown> {
  return(): Promise<IteratorResult<Chunk, undefined>>
  throw(error?: unknown): Promise<IteratorResult<Chunk, undefined>>
  [Symbol.asyncIterator](): RecoveredStream<Chunk>
  /** The attempts that are over, oldest first. */
  readonly attempts: readonly AttemptRecord[]
  /** How the last attempt ended; `undefined` while none has. */
  readonly report: StreamReport | undefined
}

/**
 * The same chunks as the stream that `start` asks for, with what broke recovered as the options say.
 *
 * Nothing happens before the first chunk is asked for, and nothing is read ahead. `break` ends the attempt under way. Where it
 * can't be recovered, a `StreamBrokenError` is thrown; where `signal` is aborted, its reason, or, where that is a timeout, a
 * `StreamBrokenError` with the code `client_timeout`. What is wrong with `start` itself is thrown as it is.
 *
 * It sees the bytes where `start` returns what `create` of the SDK returns. Where it returns something else, an `await`ed stream
 * for one, the end is judged from the chunks and from what was thrown, and its cause is a guess.
 *
 * @throws RangeError where an option is unknown or out of range.
 * @public
 */
export function recoverStream<Chunk, Request = undefined>(
  start: StartStream<Chunk, Request>,
  options?: RecoverOptions<Request> & {
    readonly afterDelivery?: 'throw' | 'continue' | undefined
    readonly policy?: undefined
  },
): RecoveredStream<Chunk>
export function recoverStream<Chunk, Request = undefined>(
  start: StartStream<Chunk, Request>,
  options?: RecoverOptions<Request>,
): RecoveredStream<Chunk | RestartMarker>
export function recoverStream<Chunk, Request>(
  start: StartStream<Chunk, Request>,
  options: RecoverOptions<Request> = {},
): RecoveredStream<Chunk | RestartMarker> {
  const session = new RecoverySession(start, resolveOptions(options))
  const chunks = session.run()
  const stream: RecoveredStream<Chunk | RestartMarker> = {
    next: () => chunks.next(),
    return: () => {
      session.leave()
      return chunks.return(undefined)
    },
    throw: (error) => {
      session.leave()
      return chunks.throw(error)
    },
    [Symbol.asyncIterator]: () => stream,
    get attempts() {
      return session.log.attempts
    },
    get report() {
      return session.log.report
    },
  }
  return stream
}
