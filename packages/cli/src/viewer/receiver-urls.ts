import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where OpenTelemetry's exporters send unless told otherwise. */
export const OTLP_PORT = 4318

/** This machine alone reaches it. */
export const LOOPBACK = '127.0.0.1'

/** Where this machine reaches a host and port of its own. */
export function addressUrl(host: string, port: number): string {
  const address = WILDCARDS.get(host) ?? host
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`
}

/** Where other machines reach the receiver; undefined where it listens on one address only, or the machine is alone. */
export function outsideUrl(host: string, port: number): string | undefined {
  if (!WILDCARDS.has(host)) return undefined
  const [found] = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4'),
  )
  return found === undefined ? undefined : addressUrl(found.address, port)
}

/** The page's address with the token as its password, which a browser takes from there. Not for the eyes of others. */
export function urlWithToken(url: string, token: string): string {
  return url.replace('://', `://streamgauge:${encodeURIComponent(token)}@`)
}

/** Hosts that stand for every address, and where this machine reaches them. */
const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', LOOPBACK],
  ['::', '::1'],
])
