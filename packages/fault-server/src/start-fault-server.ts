import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { Server } from 'node:net'
import { trackSockets, type Connection } from './http/connection.ts'
import { handleRequest } from './http/handle-request.ts'
import { listen } from './http/listen.ts'
import { createServerContext, isControl } from './http/server-context.ts'
import { resolveOptions, type FaultServerOptions } from './options.ts'

/**
 * A running server.
 *
 * @public
 */
export interface FaultServer extends AsyncDisposable {
  /** For instance `http://127.0.0.1:40123`. */
  readonly url: string
  /** What the SDK wants as `baseURL`: `url` and `/v1`. */
  readonly baseURL: string
  readonly port: number
  /** How many requests have come, retries included, the control route not. */
  readonly requests: number
  /** Destroys all connections, frees the port and clears all timers. May be called again. */
  close(): Promise<void>
}

type Listener = (incoming: IncomingMessage, response: ServerResponse, connection: Connection) => void

const createListener = (isHttp2: boolean, listener: Listener): Server => {
  if (!isHttp2) {
    // An idle connection that the server closes while the client sends on it is a fault that nobody asked for: 0 is never.
    return createServer({ keepAliveTimeout: 0, noDelay: true }, (incoming, response) =>
      listener(incoming, response, { http: 1, socket: incoming.socket }),
    )
  }
  const server = createHttp2Server((incoming, response) => {
    const { stream } = incoming
    const socket = stream.session === undefined ? undefined : sockets.get(stream.session)
    // A session that ended in the meantime has nobody to answer to.
    if (socket === undefined) return
    // Node.js gives requests and responses of HTTP/2 the methods that those of HTTP/1 have, as far as they are used here.
    listener(incoming as unknown as IncomingMessage, response as unknown as ServerResponse, { http: 2, socket, stream })
  })
  const sockets = trackSockets(server)
  return server
}

/**
 * Starts an OpenAI-shaped server that misbehaves on request.
 *
 * A request chooses what it gets by model name (`fault:<name>`, `healthy:<name>`; any other model is answered plainly),
 * by the header `x-fault: <name>`, or by `POST /_control/next` with `{"name": "<name>"}` before it; the last named wins.
 *
 * @throws RangeError when an option is unknown or out of range (as a rejection).
 * @throws FaultServerError when the port can't be listened on (as a rejection); match on its `code`.
 * @public
 */
export const startFaultServer = async (options: FaultServerOptions = {}): Promise<FaultServer> => {
  const settings = resolveOptions(options)
  const context = createServerContext(settings)
  let requests = 0
  const server = createListener(settings.http2, (incoming, response, connection) => {
    if (!isControl(incoming)) requests += 1
    void handleRequest(context, incoming, response, connection)
  })
  const { url, port, close } = await listen(server, settings.host, settings.port)
  return {
    url,
    baseURL: `${url}/v1`,
    port,
    get requests() {
      return requests
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
