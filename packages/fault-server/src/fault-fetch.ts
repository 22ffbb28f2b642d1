import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { handleRequest } from './http/handle-request.ts'
import { loadUndici } from './http/load-undici.ts'
import { MemorySocket } from './http/memory-socket.ts'
import { createServerContext, isControl } from './http/server-context.ts'
import { resolveSocketlessOptions, type SocketlessOptions } from './options.ts'

/**
 * How the streams of a `faultFetch` are made: as those of a server, without what belongs to a socket.
 *
 * @see FaultServerOptions
 * @public
 */
export type FaultFetchOptions = SocketlessOptions

/**
 * A `fetch` whose every request is answered within the process.
 *
 * @public
 */
export interface FaultFetch extends AsyncDisposable {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** How many requests have come, retries included, the control route not. */
  readonly requests: number
  /** Ends what is still held, and clears all timers; later requests fail. May be called again. */
  close(): Promise<void>
}

/** Taken when this module is loaded: `globalThis.fetch = faultFetch()` must not make it ask itself. */
const runtimeFetch = globalThis.fetch

/**
 * Makes a `fetch` that plays every fault and every healthy stream without a socket, for any host and path that the server knows:
 * `new OpenAI({ fetch: faultFetch(), apiKey: 'any' })`. A request chooses what it gets as with `startFaultServer`.
 *
 * It is the `fetch` of Node.js on connections within the process, to the same server: the bytes are the same, and what breaks
 * is reported by the same HTTP client in the same words. Each write of the server is a read of its own here, where the network
 * may join some. HTTP/2 needs `startFaultServer`.
 *
 * @throws RangeError when an option is unknown or out of range.
 * @public
 */
export const faultFetch = (options: FaultFetchOptions = {}): FaultFetch => {
  const context = createServerContext(resolveSocketlessOptions(options))
  let requests = 0
  // It never listens: it reads requests from the connections that it is handed.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
    if (!isControl(incoming)) requests += 1
    void handleRequest(context, incoming, response, { http: 1, socket: incoming.socket })
  })
  const sockets = new Set<MemorySocket>()
  const open = (): Socket => {
    const [client, socket] = MemorySocket.pair()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    server.emit('connection', socket)
    return client as unknown as Socket
  }
  const { Agent } = loadUndici()
  const agent = new Agent({
    // undici isn't ready for a connection before the connector has returned.
    connect: (_, callback) =>
      process.nextTick(() => {
        // What was asked just before the end would be waited for.
        if (closed === undefined) callback(null, open())
        else callback(new Error('faultFetch was closed.'), null)
      }),
  })
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    closed ??= agent.close()
    return closed
  }

  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
    // The types of Node.js are of another version of undici.
    runtimeFetch(input, { ...init, ...({ dispatcher: agent } as object) })
  return Object.defineProperties(fetch, {
    requests: { get: () => requests },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  }) as FaultFetch
}
