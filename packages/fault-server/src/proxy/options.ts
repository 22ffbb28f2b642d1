import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { checkOptions, integerBetween, type Rule } from '../check-options.ts'
import { RULES as SERVER_RULES, type FaultServerOptions } from '../options.ts'
import type { ScheduledFault } from './schedule.ts'

/**
 * Where a proxy sends requests, and which it breaks. All durations are milliseconds.
 *
 * @public
 */
export interface FaultProxyOptions extends Pick<
  FaultServerOptions,
  'host' | 'port' | 'seed' | 'timeScale' | 'settleMs' | 'holdMs'
> {
  /**
   * The base URL that the client would have used, such as `https://api.openai.com/v1`: http or https, without user, query or
   * fragment. Requests go to its host and to no other.
   */
  readonly upstream: string | URL
  /**
   * Which requests are broken, and how. Of several that are due the first is chosen.
   *
   * @defaultValue none: everything is passed on
   */
  readonly schedule?: readonly ScheduledFault[] | undefined
  /**
   * How the upstream is reached, where it takes a client certificate, a certificate authority of your own or another proxy.
   *
   * @defaultValue a new connection for each request: one that went stale meanwhile would be a fault that nobody asked for
   */
  readonly agent?: HttpAgent | HttpsAgent | undefined
  /**
   * How many requests the log keeps, 1 to 1000000; then the oldest is forgotten.
   *
   * @defaultValue 10000
   */
  readonly maxLogEntries?: number | undefined
}

/** The options with every default filled in. */
export interface ProxySettings {
  readonly host: string
  readonly port: number
  readonly seed: number
  readonly timeScale: number
  readonly settleMs: number
  readonly holdMs: number
  readonly delayMs: number
  readonly upstream: URL
  readonly schedule: readonly ScheduledFault[]
  readonly agent: HttpAgent | HttpsAgent | undefined
  readonly maxLogEntries: number
}

const isUpstream = (value: unknown): boolean => {
  const url = URL.parse(String(value))
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  return isHttp && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

const { host, port, seed, timeScale, settleMs, holdMs } = SERVER_RULES

const RULES: Readonly<Record<keyof FaultProxyOptions, Rule>> = {
  upstream: { allowed: 'an http or https URL without user, query or fragment', accepts: isUpstream },
  host,
  port,
  seed,
  timeScale,
  settleMs,
  holdMs,
  schedule: { allowed: 'a list of faults, each with its conditions', accepts: Array.isArray },
  agent: {
    allowed: 'an agent of node:http or node:https',
    accepts: (value) => typeof (value as Partial<HttpAgent> | null)?.destroy === 'function',
  },
  maxLogEntries: integerBetween(1, 1_000_000),
}

const DEFAULTS = {
  host: '127.0.0.1',
  port: 0,
  seed: 1,
  timeScale: 1,
  settleMs: 50,
  holdMs: 60_000,
  delayMs: 0,
  schedule: [],
  agent: undefined,
  maxLogEntries: 10_000,
}

/** Checks the options and fills in the defaults. */
export const resolveProxyOptions = (options: FaultProxyOptions): ProxySettings => {
  const given = checkOptions({ ...options, upstream: options.upstream ?? '' }, RULES)
  return { ...DEFAULTS, ...given, upstream: new URL(given.upstream) } as ProxySettings
}
