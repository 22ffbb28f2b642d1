import { createRandom, hashSeed } from '../answer/random.ts'
import { checkOptions, integerBetween, numberBetween, type Rule } from '../check-options.ts'
import { findNearestName } from '../nearest-name.ts'
import { PROXY_FAULTS } from './faults/index.ts'
import type { ProxyFault } from './proxy-fault.ts'
import type { ProxiedRequest } from './proxy-log.ts'

/**
 * What a schedule may ask of a request.
 *
 * @public
 */
export type RequestFacts = Pick<ProxiedRequest, 'number' | 'atMs' | 'method' | 'path' | 'model' | 'stream' | 'attempt'>

/**
 * When a fault is due. A request must fit `path`, `model` and `match`; those that do are counted from 1, and must meet all the
 * other conditions as well. Without any condition each is broken.
 *
 * @public
 */
export interface ScheduledFault {
  /** The name of one of `PROXY_FAULTS`, or a fault of your own. */
  readonly fault: string | ProxyFault
  /** The path without its query, or an expression that it matches. */
  readonly path?: string | RegExp | undefined
  /** The model, or an expression that it matches. Only JSON bodies of at most 8 MiB have one. */
  readonly model?: string | RegExp | undefined
  /** Anything else about the request. */
  readonly match?: ((request: RequestFacts) => boolean) | undefined
  /** Which of the requests that fit: the third, or the first and the third. */
  readonly nth?: number | readonly number[] | undefined
  /** Each so-many-th of the requests that fit. */
  readonly every?: number | undefined
  /** How likely it is for each of the requests that fit, from 0 to 1; the seed decides. */
  readonly rate?: number | undefined
  /** From when, and until when: milliseconds since the proxy started. By the clock, so not the same every time. */
  readonly betweenMs?: readonly [from: number, until: number] | undefined
  /** At most so many times. */
  readonly times?: number | undefined
  /**
   * After how many events of a stream it strikes, 0 to 1000000, or from where to where: the seed decides then.
   *
   * @defaultValue [1, 6]
   */
  readonly afterEvents?: number | readonly [least: number, most: number] | undefined
}

/** A fault that is due, and where. */
export interface DueFault {
  readonly fault: ProxyFault
  readonly afterEvents: number
}

/** Chooses for each request, in the order in which they come. */
export type Schedule = (request: RequestFacts) => DueFault | undefined

const MAX_EVENTS = 1_000_000
const DEFAULT_AFTER_EVENTS = [1, 6] as const

const isRange = (low: number, high: number, value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((end) => typeof end === 'number' && end >= low && end <= high) &&
  value[0] <= value[1]

const isCount = integerBetween(1, Number.MAX_SAFE_INTEGER)
const TEXT_RULE: Rule = {
  allowed: 'a text or a regular expression',
  accepts: (value) =>
    typeof value === 'string' || value instanceof RegExp || Object.prototype.toString.call(value) === '[object RegExp]',
}

const RULES: Readonly<Record<keyof ScheduledFault, Rule>> = {
  fault: {
    allowed: 'the name of a fault, or an object with a name and a play method',
    accepts: (value) =>
      (typeof value === 'string' && value !== '') || typeof (value as Partial<ProxyFault> | null)?.play === 'function',
  },
  path: TEXT_RULE,
  model: TEXT_RULE,
  match: { allowed: 'a function', accepts: (value) => typeof value === 'function' },
  nth: {
    allowed: 'an integer from 1 on, or a list of them',
    accepts: (value) => [value].flat().every((each) => isCount.accepts(each)),
  },
  every: isCount,
  rate: numberBetween(0, 1),
  betweenMs: {
    allowed: 'two numbers from 0 on, the first not above the second',
    accepts: (value) => isRange(0, Infinity, value),
  },
  times: isCount,
  afterEvents: {
    allowed: `an integer from 0 to ${MAX_EVENTS}, or the least and the most of them`,
    accepts: (value) =>
      integerBetween(0, MAX_EVENTS).accepts(value) ||
      (isRange(0, MAX_EVENTS, value) && (value as number[]).every(Number.isInteger)),
  },
}

const findFault = (fault: string | ProxyFault, owner: string): ProxyFault => {
  if (typeof fault !== 'string') return fault
  const found = PROXY_FAULTS.find(({ name }) => name === fault)
  if (found !== undefined) return found
  const names = PROXY_FAULTS.map(({ name }) => name)
  const nearest = findNearestName(fault, names)
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`
  throw new RangeError(`Option "${owner}fault": there is no "${fault}".${hint} Faults: ${names.join(', ')}.`)
}

const fits = (wanted: string | RegExp | undefined, text: string | undefined): boolean => {
  if (wanted === undefined) return true
  if (text === undefined) return false
  return typeof wanted === 'string' ? wanted === text : text.search(wanted) !== -1
}

const toRule = (scheduled: ScheduledFault, index: number, seed: number): Schedule => {
  const owner = `schedule[${index}].`
  const {
    path,
    model,
    match,
    nth,
    every,
    rate,
    betweenMs,
    times,
    afterEvents = DEFAULT_AFTER_EVENTS,
  } = checkOptions({ ...scheduled, fault: scheduled.fault ?? '' }, RULES, owner)
  const fault = findFault(scheduled.fault, owner)
  const wanted = nth === undefined ? undefined : new Set([nth].flat())
  const [least, most] = typeof afterEvents === 'number' ? [afterEvents, afterEvents] : afterEvents
  let count = 0
  let chosen = 0
  return (request) => {
    if (!fits(path, request.path) || !fits(model, request.model) || match?.(request) === false) return undefined
    count += 1
    // One source for each request: what other rules, and other requests, made of chance changes nothing.
    const random = createRandom(hashSeed(seed, index, count))
    const isLucky = rate === undefined || random.below(2 ** 32) < rate * 2 ** 32
    const place = least + random.below(most - least + 1)
    const isDue =
      isLucky &&
      (wanted === undefined || wanted.has(count)) &&
      (every === undefined || count % every === 0) &&
      (betweenMs === undefined || (request.atMs >= betweenMs[0] && request.atMs < betweenMs[1])) &&
      (times === undefined || chosen < times)
    if (!isDue) return undefined
    chosen += 1
    return { fault, afterEvents: place }
  }
}

/** Makes a schedule: of the faults that are due, the first in the list is chosen. @throws RangeError for what makes no sense */
export const createSchedule = (scheduled: readonly ScheduledFault[], seed: number): Schedule => {
  const rules = scheduled.map((one, index) => toRule(one, index, seed))
  // Each rule counts each request, whichever is chosen.
  return (request) => rules.map((rule) => rule(request)).find((due) => due !== undefined)
}
