import { request as requestByHttp } from 'node:http'
import { request as requestByHttps } from 'node:https'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ProxySetting } from './find-proxy.ts'

/** Why a proxy did not let a connection through. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError'
  readonly status: number

  constructor(status: number) {
    super(`The proxy answered CONNECT with ${status}.`)
    this.status = status
  }
}

/** No connection to the proxy: why is its cause. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'

  constructor(cause: unknown) {
    super('The proxy was not reached.', { cause })
  }
}

/** How to get to a server. */
export interface Route {
  readonly origin: URL
  readonly proxy: ProxySetting | undefined
  readonly signal: AbortSignal
}

/**
 * Opens a connection to a server: through the proxy where there is one, encrypted where the URL says so.
 *
 * @param protocols what ALPN offers
 */
export async function connect(route: Route, protocols: readonly string[]): Promise<Socket | TLSSocket> {
  const { origin, proxy, signal } = route
  const isTls = origin.protocol === 'https:'
  const socket =
    proxy === undefined
      ? await connected(connectTcp({ host: hostOf(origin), port: portOf(origin) }), 'connect', signal)
      : isTls
        ? await openTunnel(origin, proxy, signal)
        : await connectToProxy(proxy, signal)
  socket.setNoDelay(true)
  if (!isTls) return socket
  return connected(secure(socket, hostOf(origin), protocols), 'secureConnect', signal)
}

/** The proxy's `Proxy-Authorization`, where its URL has credentials. */
export function proxyAuthorization({ url }: ProxySetting): Readonly<Record<string, string>> {
  if (url.username === '') return {}
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function connectToProxy({ url }: ProxySetting, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: hostOf(url), port: portOf(url) })
  const reached =
    url.protocol === 'http:'
      ? connected(socket, 'connect', signal)
      : connected(secure(socket, hostOf(url), ['http/1.1']), 'secureConnect', signal)
  return reached.catch((error: unknown) => {
    throw signal.aborted ? error : new ProxyError(error)
  })
}

function secure(socket: Socket, host: string, protocols: readonly string[]): TLSSocket {
  // An address is no name that a server could be told (RFC 6066 §3).
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
  return connectTls({ socket, host, ALPNProtocols: [...protocols], ...name })
}

function openTunnel(origin: URL, proxy: ProxySetting, signal: AbortSignal): Promise<Socket> {
  const authority = `${origin.hostname}:${portOf(origin)}`
  const request = proxy.url.protocol === 'https:' ? requestByHttps : requestByHttp
  return new Promise((resolve, reject) => {
    request({
      method: 'CONNECT',
      host: hostOf(proxy.url),
      port: portOf(proxy.url),
      path: authority,
      agent: false,
      signal,
      headers: { host: authority, ...proxyAuthorization(proxy) },
    })
      .once('connect', ({ statusCode = 0 }, socket: Socket) => {
        if (statusCode >= 200 && statusCode < 300) return resolve(socket)
        socket.destroy()
        reject(new TunnelError(statusCode))
      })
      .once('response', (response) => {
        response.destroy()
        reject(new TunnelError(response.statusCode ?? 0))
      })
      .once('error', (error) => reject(signal.aborted ? error : new ProxyError(error)))
      .end()
  })
}

function connected<Kind extends Socket>(socket: Kind, event: string, signal: AbortSignal): Promise<Kind> {
  return new Promise((resolve, reject) => {
    const give = (settle: () => void): void => {
      signal.removeEventListener('abort', abort)
      socket.off('error', fail).off(event, succeed).off('close', closed)
      settle()
    }
    const succeed = (): void => give(() => resolve(socket))
    const fail = (error: Error): void => give(() => reject(error))
    const closed = (): void => fail(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' }))
    const abort = (): void => {
      socket.destroy()
      fail(signal.reason as Error)
    }
    socket.once('error', fail).once(event, succeed).once('close', closed)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
