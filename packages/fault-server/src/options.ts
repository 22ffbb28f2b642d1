import { checkOptions, integerBetween, numberBetween, type Rule } from './check-options.ts'
import type { Injector } from './injector.ts'

/**
 * How a server listens, and how fast its streams are. All durations are milliseconds.
 *
 * @public
 */
export interface FaultServerOptions {
  /**
   * The address to listen on.
   *
   * @defaultValue '127.0.0.1', which only this machine can reach
   */
  readonly host?: string | undefined
  /**
   * The port to listen on, 0 to 65535; 0 chooses a free one.
   *
   * @defaultValue 0
   */
  readonly port?: number | undefined
  /**
   * Speak HTTP/2 in clear text, and nothing else: clients must know it beforehand (RFC 9113 §3.3). Faults of HTTP/1's framing
   * are refused then, and those of `HTTP2_FAULTS` can be asked for.
   *
   * @defaultValue false
   */
  readonly http2?: boolean | undefined
  /**
   * Where ids and texts come from: an integer from 0 to 2^32-1. The same seed and the same request give the same bytes.
   *
   * @defaultValue 1
   */
  readonly seed?: number | undefined
  /**
   * Multiplies the pauses that belong to an injector (`slow`, `stall_then_continue`, `buffered`, …), 0 to 1000.
   * The durations in `Injector.client` belong to 1.
   *
   * @defaultValue 1
   */
  readonly timeScale?: number | undefined
  /**
   * The pause before each event of every stream, 0 to 60000; a demo looks natural at 40.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number | undefined
  /**
   * The pause before a connection is broken, 0 to 60000. HTTP clients throw away what they received but haven't handed
   * over when a connection breaks, so without it what the app sees before a fault would depend on luck.
   *
   * @defaultValue 50
   */
  readonly settleMs?: number | undefined
  /**
   * The longest time that a silent exchange (`stall_forever`, `slow_headers`, …) is held open for a client that doesn't
   * give up, 1 to 3600000. Then the connection is dropped.
   *
   * @defaultValue 60000
   */
  readonly holdMs?: number | undefined
  /**
   * Faults of your own, to be asked for like the built-in ones; one with the name of a built-in fault replaces it.
   *
   * @defaultValue none
   */
  readonly extraFaults?: readonly Injector[] | undefined
}

/** The options with every default filled in. */
export type Settings = { readonly [Name in keyof FaultServerOptions]-?: NonNullable<FaultServerOptions[Name]> }

const DEFAULTS: Settings = {
  host: '127.0.0.1',
  port: 0,
  http2: false,
  seed: 1,
  timeScale: 1,
  delayMs: 0,
  settleMs: 50,
  holdMs: 60_000,
  extraFaults: [],
}

/** The rules of options that other servers have as well. */
export const RULES: Readonly<Record<keyof FaultServerOptions, Rule>> = {
  host: {
    allowed: 'the name or address of a local interface',
    accepts: (value) => typeof value === 'string' && value !== '',
  },
  port: integerBetween(0, 65_535),
  http2: { allowed: 'true or false', accepts: (value) => typeof value === 'boolean' },
  seed: integerBetween(0, 2 ** 32 - 1),
  timeScale: numberBetween(0, 1000),
  delayMs: numberBetween(0, 60_000),
  settleMs: numberBetween(0, 60_000),
  holdMs: numberBetween(1, 3_600_000),
  extraFaults: {
    allowed: 'a list of injectors, each with a name and a play method',
    accepts: (value) => Array.isArray(value) && value.every(isInjector),
  },
}

const isInjector = (value: unknown): boolean => {
  const { name, play } = (value ?? {}) as Partial<Injector>
  return typeof name === 'string' && typeof play === 'function'
}

/** Checks the options and fills in the defaults. */
export const resolveOptions = (options: FaultServerOptions): Settings =>
  ({ ...DEFAULTS, ...checkOptions(options, RULES) }) as Settings

/** The options of what listens nowhere. */
export type SocketlessOptions = Omit<FaultServerOptions, 'host' | 'port' | 'http2'>

const { host: _host, port: _port, http2: _http2, ...SOCKETLESS_RULES } = RULES

/** Checks the options where there is no socket, and says what has one. */
export const resolveSocketlessOptions = (options: SocketlessOptions): Settings => {
  const needsSocket = Object.keys(options).find(
    (name) => Object.hasOwn(RULES, name) && !Object.hasOwn(SOCKETLESS_RULES, name),
  )
  if (needsSocket !== undefined) {
    throw new RangeError(`Option "${needsSocket}" needs a socket: use startFaultServer.`)
  }
  return { ...DEFAULTS, ...checkOptions(options, SOCKETLESS_RULES) } as Settings
}
