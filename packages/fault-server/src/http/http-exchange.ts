import type { ServerResponse } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Answer, AnswerRequest } from '../answer/answer.ts'
import type { Exchange } from '../exchange.ts'
import type { Settings } from '../options.ts'
import type { Connection } from './connection.ts'

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
  /** Of the request: Node.js takes it away from a response that ended. */
  readonly connection: Connection
  readonly settings: Pick<Settings, 'timeScale' | 'delayMs' | 'settleMs' | 'holdMs'>
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

const streamOf = (connection: Connection): ServerHttp2Stream => {
  if (connection.http === 1) throw new Error('HTTP/1 has no streams: use startFaultServer({ http2: true }).')
  return connection.stream
}

interface Waits {
  readonly wait: (durationMs: number) => Promise<void>
  readonly settle: () => Promise<void>
}

const createWaits = ({ settleMs }: Pick<Settings, 'settleMs'>, signal: AbortSignal): Waits => {
  const wait = async (durationMs: number): Promise<void> => {
    if (durationMs > 0) await setTimeout(durationMs, undefined, { signal })
    else signal.throwIfAborted()
  }
  return {
    wait,
    settle: async () => {
      await wait(settleMs)
      // After a busy moment timers run before sockets are read: a client in this process gets its turns first.
      for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate(undefined, { signal })
    },
  }
}

/** Puts an injector's words onto the socket under a response. */
export const createHttpExchange = (input: ExchangeInput): HttpExchange => {
  const { request, attempt, answer, requestId, response, connection, settings, signal } = input
  const { socket } = connection
  const { wait, settle } = createWaits(settings, signal)
  let isEnded = false

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
    resetStream: async (code) => {
      const stream = streamOf(connection)
      await settle()
      isEnded = true
      stream.close(constants[`NGHTTP2_${code}`])
    },
    goAway: async () => {
      const { session } = streamOf(connection)
      await settle()
      isEnded = true
      session?.goaway(constants.NGHTTP2_NO_ERROR)
      // The frame goes out with what the session has to send next; only then there is nothing to wait for.
      await settle()
      socket.destroySoon()
    },
    hold: async () => {
      isEnded = true
      await wait(settings.holdMs)
      socket.destroy()
    },
  }
}
