import type { AddressInfo, Server, Socket } from 'node:net'
import { explainListenError } from '../fault-server-error.ts'

/** A server that listens, and how to end it. */
export interface Listening {
  /** For instance `http://127.0.0.1:40123`. */
  readonly url: string
  readonly port: number
  /** Destroys all connections, and frees the port. May be called again. */
  readonly close: () => Promise<void>
}

const startListening = (server: Server, host: string, port: number): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, host, port)))
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })

/** Makes a server listen. @throws FaultServerError where it can't (as a rejection). */
export const listen = async (server: Server, host: string, wantedPort: number): Promise<Listening> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const { address, family, port } = await startListening(server, host, wantedPort)
  let closed: Promise<void> | undefined
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    port,
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
      return closed
    },
  }
}
