import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { isIPv6 } from 'node:net'
import { errorCode, errorMessage } from '../error-fields.ts'
import { ViewerError } from '../viewer-error.ts'
import { isWildcard } from './access.ts'

/**
 * Starts a server.
 *
 * @returns the port, which is another one than asked for where that was 0
 * @throws ViewerError `port_in_use` or `listen_failed`
 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function listenError(error: unknown, port: number, host: string): ViewerError {
  const code = errorCode(error)
  if (code === 'EADDRINUSE') {
    const message =
      `Port ${port} on ${host} is taken, perhaps by another viewer or an OpenTelemetry Collector: ` +
      'stop that program, or choose another port (0 picks a free one).'
    return new ViewerError('port_in_use', message, error)
  }
  const isForeign = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN'
  const remedy = isForeign ? 'choose an address of this machine' : 'choose another port (0 picks a free one)'
  const message = `Port ${port} on ${host} can't be listened on (${errorMessage(error)}): ${remedy}.`
  return new ViewerError('listen_failed', message, error)
}

/** Where the machine itself reaches the server: every address includes loopback. */
export function urlOf(host: string, port: number): string {
  if (isWildcard(host)) return urlOf(host === '::' ? '::1' : '127.0.0.1', port)
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** Stops listening and drops the connections. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The callback's only error is "not running", which is what a second call finds.
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
