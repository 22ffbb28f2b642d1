import type { Clock } from './clock.ts'
import { readHeader } from './response-facts.ts'

/** How long to wait before the next attempt. */
export interface Backoff {
  /** Upper end of the first wait, in milliseconds. */
  readonly initialDelayMs: number
  /** Upper end of every wait, in milliseconds. What a server asks for may be longer. */
  readonly maxDelayMs: number
}

/** What a server said about asking again. */
export interface RetryAdvice {
  /** `x-should-retry`: `undefined` where it isn't there, or says neither `true` nor `false`. */
  readonly shouldRetry: boolean | undefined
  /** `retry-after-ms`, else `retry-after` (seconds, or a date behind that of the response), in milliseconds, at least 0. */
  readonly retryAfterMs: number | undefined
}

/**
 * Exponential backoff with full jitter: anything from 0 to the upper end, which doubles each time. Where the server said how
 * long, at least that and a part of the initial delay: those who were told the same must not come at the same time. A server that
 * says `0` each time doesn't end the growth.
 *
 * @param failures attempts that have failed one after the other, from 1
 * @param random from 0 to 1, 1 not among them
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function findDelayMs(
  { initialDelayMs, maxDelayMs }: Backoff,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const part = random()
  const ownMs = part * Math.min(maxDelayMs, initialDelayMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS))
  if (retryAfterMs === undefined) return ownMs
  return Math.max(ownMs, retryAfterMs + part * Math.min(initialDelayMs, maxDelayMs))
}

/** More than any delay needs, and still a finite number. */
const MAX_DOUBLINGS = 32

/** Reads the headers as the SDKs of OpenAI do, in the same order. */
export function readRetryAdvice(headers: unknown, clock: Clock): RetryAdvice {
  const should = readHeader(headers, 'x-should-retry')
  return {
    shouldRetry: should === 'true' ? true : should === 'false' ? false : undefined,
    retryAfterMs: readMilliseconds(headers) ?? readSeconds(headers, clock),
  }
}

function readMilliseconds(headers: unknown): number | undefined {
  return readNumber(readHeader(headers, 'retry-after-ms'))
}

/** RFC 9110 §10.2.3: "Retry-After = HTTP-date / delay-seconds". */
function readSeconds(headers: unknown, clock: Clock): number | undefined {
  const value = readHeader(headers, 'retry-after')
  const seconds = readNumber(value)
  if (seconds !== undefined) return seconds * 1000
  const date = readDate(value)
  if (date === undefined) return undefined
  // Both are of the server's clock; ours may be wrong.
  return Math.max(0, date - (readDate(readHeader(headers, 'date')) ?? clock.dateMs()))
}

/** Every form of a date begins with the name of a day; `Date.parse` takes `-5` for one as well. */
function readDate(value: string | undefined): number | undefined {
  const date = value !== undefined && /^\s*[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : date
}

function readNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}
