import type { Http2Session, ServerHttp2Stream } from 'node:http2'
import type { Server, Socket } from 'node:net'

/** What is under a response: the socket, and with HTTP/2 a stream on it that is the response's own. */
export type Connection =
  | { readonly http: 1; readonly socket: Socket }
  | { readonly http: 2; readonly socket: Socket; readonly stream: ServerHttp2Stream }

/** Finds the socket under a session: `session.socket` refuses what breaks a connection. */
export const trackSockets = (server: Server): WeakMap<Http2Session, Socket> => {
  const sockets = new WeakMap<Http2Session, Socket>()
  let newest: Socket | undefined
  // A server makes the session of a connection while it tells of that connection.
  server.prependListener('connection', (socket: Socket) => (newest = socket))
  server.on('session', (session: Http2Session) => {
    if (newest !== undefined) sockets.set(session, newest)
  })
  return sockets
}
