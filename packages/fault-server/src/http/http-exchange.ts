import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Answer, AnswerRequest } from '../answer/answer.ts'
import type { Exchange } from '../exchange.ts'
import type { Settings } from '../options.ts'

/** The head of an event stream, unless an injector wants another. */
const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
}

/** Turns of the event loop that a client in this process needs from a read of the socket to the app. */
const SETTLE_TURNS = 4

/** An exchange, and whether its injector has ended it in one of the four ways. */
export interface HttpExchange extends Exchange {
  readonly isEnded: boolean
}

export interface ExchangeInput {
  readonly request: AnswerRequest
  readonly attempt: number
  readonly answer: Answer
  readonly requestId: string
  readonly response: ServerResponse
  /** The socket of the request: Node.js takes it away from a response that ended. */
  readonly socket: Socket
  readonly settings: Settings
  /** Aborted when the client or the server is gone. */
  readonly signal: AbortSignal
}

/** Waits for a callback of the socket, or for the end of everything: a destroyed socket may never call back. */
const callback = (signal: AbortSignal, start: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    start((error) => {
      signal.removeEventListener('abort', abort)
      if (error == null) resolve()
      else reject(error)
    })
  })

/** Puts an injector's words onto the socket under a response. */
export const createHttpExchange = (input: ExchangeInput): HttpExchange => {
  const { request, attempt, answer, requestId, response, socket, settings, signal } = input
  let isEnded = false

  const wait = async (durationMs: number): Promise<void> => {
    if (durationMs > 0) await setTimeout(durationMs, undefined, { signal })
    else signal.throwIfAborted()
  }
  const settle = async (): Promise<void> => {
    await wait(settings.settleMs)
    // After a busy moment timers run before sockets are read: a client in this process gets its turns first.
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate(undefined, { signal })
  }

  return {
    request,
    attempt,
    events: answer.events,
    whole: answer.whole,
    get isEnded() {
      return isEnded
    },
    headers: async (status = 200, headers = STREAM_HEADERS) => {
      signal.throwIfAborted()
      response.writeHead(status, { ...headers, 'x-request-id': requestId })
      response.flushHeaders()
    },
    write: (bytes) => callback(signal, (done) => response.write(bytes, done)),
    raw: (bytes) => callback(signal, (done) => socket.write(bytes, done)),
    pause: (durationMs) => wait(durationMs * settings.timeScale),
    pace: () => wait(settings.delayMs),
    settle,
    end: () => {
      isEnded = true
      return callback(signal, (done) => response.end(done))
    },
    close: async () => {
      await settle()
      isEnded = true
      socket.destroySoon()
    },
    reset: async () => {
      await settle()
      isEnded = true
      socket.resetAndDestroy()
    },
    hold: async () => {
      isEnded = true
      await wait(settings.holdMs)
      socket.destroy()
    },
  }
}
