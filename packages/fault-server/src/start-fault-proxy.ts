import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from './http/listen.ts'
import { handleProxied } from './proxy/handle-proxied.ts'
import { isOwnAddress } from './proxy/is-own-address.ts'
import { resolveProxyOptions, type FaultProxyOptions } from './proxy/options.ts'
import { createProxyLog, type ProxiedRequest } from './proxy/proxy-log.ts'
import { createSchedule } from './proxy/schedule.ts'

/**
 * A running proxy.
 *
 * @public
 */
export interface FaultProxy extends AsyncDisposable {
  /** For instance `http://127.0.0.1:40123`. */
  readonly url: string
  /** What the client takes in place of the upstream's base URL. */
  readonly baseURL: string
  readonly port: number
  /** How many requests have come. */
  readonly requests: number
  /** What became of each request, in the order of arrival: the latest `maxLogEntries`. */
  readonly log: readonly ProxiedRequest[]
  /** Destroys all connections on both sides, frees the port and clears all timers. May be called again. */
  close(): Promise<void>
}

/**
 * Starts a proxy between a client and a real upstream, which breaks the requests that its schedule names and passes all others on
 * as they came: the same bytes of the body, the same headers but for those of the connection, the same status, and no read ahead.
 *
 * The same seed, the same schedule and the same order of requests give the same faults at the same places, but for `betweenMs`.
 *
 * @throws RangeError when an option is unknown or makes no sense, or the upstream is this proxy (as a rejection).
 * @throws FaultServerError when the port can't be listened on (as a rejection); match on its `code`.
 * @public
 */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const settings = resolveProxyOptions(options)
  const schedule = createSchedule(settings.schedule, settings.seed)
  const log = createProxyLog(settings.maxLogEntries)
  const startedAt = performance.now()
  let requests = 0
  const context = {
    settings,
    schedule,
    log,
    now: () => performance.now() - startedAt,
    count: () => (requests += 1),
  }
  const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (incoming, response) => {
    void handleProxied(context, incoming, response)
  })
  const { url, port, close } = await listen(server, settings.host, settings.port)
  if (await isOwnAddress(settings.upstream, server.address() as AddressInfo)) {
    await close()
    throw new RangeError(
      `Option "upstream" must be another server than the proxy itself, which listens there; received "${settings.upstream.href}".`,
    )
  }
  return {
    url,
    baseURL: url + settings.upstream.pathname.replace(/\/$/, ''),
    port,
    get requests() {
      return requests
    },
    log: log.entries,
    close,
    [Symbol.asyncDispose]: close,
  }
}
