import { Agent, request as requestByHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { connect as connectByHttp2, constants, type ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { connect, proxyAuthorization, type Route } from './connect.ts'
import { CLOSED } from './read-body.ts'

/** An answer whose headers are in. */
export interface Answer {
  readonly status: number
  readonly httpVersion: string
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
  readonly socket: Socket
  readonly reusedConnection: boolean
  /** What the connection said of its failure, once it has failed. */
  readonly reason: () => Error | undefined
}

/** A request that is about to be sent. */
export interface Sending {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  /** Told how long the connection took, where one was opened. */
  readonly onConnect: (tookMs: number) => void
}

type Opened = NonNullable<Parameters<Agent['createConnection']>[1]>

/** Connections to one server, kept from one request to the next where the server keeps them. */
export class Session {
  readonly #route: Omit<Route, 'signal'>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** A connection that speaks HTTP/2, where one was found. */
  #http2: Socket | undefined

  constructor(route: Omit<Route, 'signal'>) {
    this.#route = route
  }

  /** Whether the server offers HTTP/2 to whoever asks by ALPN. Sends nothing. */
  async offersHttp2(signal: AbortSignal): Promise<boolean> {
    const socket = await connect({ ...this.#route, signal }, ['h2', 'http/1.1'])
    socket.on('error', () => {})
    if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') {
      this.#http2 = socket
      return true
    }
    socket.destroy()
    return false
  }

  /** Sends a request by HTTP/1.1. @throws whatever the connection failed of; the signal's reason */
  async send({ url, headers, body, signal, onConnect }: Sending): Promise<Answer> {
    const { proxy } = this.#route
    const isForwarded = proxy !== undefined && url.protocol === 'http:'
    this.#agent.createConnection = (_, callback) => {
      void this.#open(signal, onConnect, callback)
      return undefined
    }
    const request = requestByHttp({
      agent: this.#agent,
      host: url.hostname,
      port: url.port,
      method: 'POST',
      path: isForwarded ? url.href : url.pathname + url.search,
      setHost: false,
      headers: { host: url.host, ...headers, ...(isForwarded ? proxyAuthorization(proxy) : {}) },
      signal,
    })
    return answerOf(request, body)
  }

  /** Opens a connection for the agent, which takes it, or the error, by its callback. */
  async #open(signal: AbortSignal, onConnect: Sending['onConnect'], callback: Opened | undefined): Promise<void> {
    const startedAtMs = performance.now()
    let socket: Socket
    try {
      socket = await connect({ ...this.#route, signal }, ['http/1.1'])
    } catch (error) {
      callback?.(error as Error, undefined as never)
      return
    }
    onConnect(performance.now() - startedAtMs)
    callback?.(null, socket)
  }

  /** Sends a request by HTTP/2, over the connection that {@link offersHttp2} has found. */
  async sendByHttp2({ url, headers, body, signal }: Sending): Promise<Answer> {
    const socket = this.#http2
    if (socket === undefined) throw new Error('HTTP/2 was not offered.')
    this.#http2 = undefined
    const session = connectByHttp2(url.origin, { createConnection: () => socket })
    return answerByHttp2(session, socket, { url, headers, body, signal })
  }

  close(): void {
    this.#agent.destroy()
    this.#http2?.destroy()
  }
}

/** A connection, or a stream of one, that is gone before its answer. Its code is the one that Node.js has for it. */
const NO_ANSWER: Error = Object.assign(new Error('closed before the answer'), { code: 'ECONNRESET' })

function answerOf(request: ClientRequest, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    request.once('error', reject)
    request.on('error', (error: Error) => (failure ??= error))
    // Of an answer that changes the protocol (101) there is no error, and none to be waited for.
    request.once('close', () => reject(NO_ANSWER))
    request.once('response', (response: IncomingMessage) =>
      resolve({
        status: response.statusCode ?? 0,
        httpVersion: response.httpVersion,
        headers: joinHeaders(response.headers),
        body: response,
        socket: response.socket,
        reusedConnection: request.reusedSocket,
        // Of a close and of a reset the body says the same; of a reset the connection has an error of its own.
        reason: () => failure ?? (response.complete ? undefined : CLOSED),
      }),
    )
    request.end(body)
  })
}

function answerByHttp2(
  session: ClientHttp2Session,
  socket: Socket,
  { url, headers, body, signal }: Omit<Sending, 'onConnect'>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    const fail = (error: Error): void => {
      failure ??= error
      reject(error)
    }
    session.on('error', fail)
    const stream = session.request(
      { ':method': 'POST', ':path': url.pathname + url.search, ':scheme': 'https', ':authority': url.host, ...headers },
      { signal },
    )
    stream.on('error', fail)
    stream.once('close', () => {
      session.destroy()
      // A stream that is closed as if all were well, or cancelled, has no error.
      reject(NO_ANSWER)
    })
    stream.once('response', (received) =>
      resolve({
        status: received[':status'] ?? 0,
        httpVersion: '2',
        headers: joinHeaders(received),
        body: stream,
        socket,
        reusedConnection: false,
        // A connection that goes away ends its streams as if they were over: only their code, CANCEL, says that they were not.
        reason: () =>
          failure ?? (session.destroyed && stream.rstCode !== constants.NGHTTP2_NO_ERROR ? CLOSED : undefined),
      }),
    )
    stream.end(body)
  })
}

function joinHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(headers).filter(([name, value]) => !name.startsWith(':') && value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  )
}
