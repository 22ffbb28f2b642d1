import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createCatalogue } from './catalogue.ts'
import { explainListenError } from './fault-server-error.ts'
import { createArmedQueue } from './http/armed-queue.ts'
import { handleRequest } from './http/handle-request.ts'
import { createRecent } from './http/recent.ts'
import type { ServerContext } from './http/server-context.ts'
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

const listen = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, host, port)))
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })

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
  const context: ServerContext = {
    settings,
    catalogue: createCatalogue(settings.extraFaults),
    armed: createArmedQueue(),
    responses: createRecent(),
    runModels: createRecent(),
  }
  let requests = 0
  const sockets = new Set<Socket>()
  // An idle connection that the server closes while the client sends on it is a fault that nobody asked for: 0 is never.
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (incoming, response) => {
    if (incoming.url?.startsWith('/_control/') !== true) requests += 1
    void handleRequest(context, incoming, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const { address, family, port } = await listen(server, settings.host, settings.port)
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
    return closed
  }
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
