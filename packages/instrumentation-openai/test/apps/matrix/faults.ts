import {
  expectedFor,
  FAULTS,
  HEALTHY,
  HTTP2_FAULTS,
  speaks,
  type Expected,
  type Injector,
  type SdkMajor,
} from '@streamgauge/fault-server'
import type { Call } from './calls.ts'

/** What happens to a call: what the server does, and what the application does. */
export interface Mishap {
  readonly name: string
  readonly injector: Injector
  /** How the application reads. */
  readonly reading: 'to_the_end' | 'breaks_off' | 'aborts'
}

const ALL: readonly Injector[] = [...HEALTHY, ...FAULTS, ...HTTP2_FAULTS]

/** The version of HTTP that is spoken. The SDK's own fetch speaks 1; 2 in clear text takes a fetch of the application. */
type HttpVersion = 1 | 2

/** What a call goes over: a version of HTTP, or the fetch of the fault server that has no socket. */
export type Wire = HttpVersion | 'within'

const isFor =
  (http: HttpVersion) =>
  ({ injector }: Mishap): boolean =>
    (injector.http ?? http) === http

const find = (name: string): Injector => {
  const found = ALL.find((injector) => injector.name === name)
  if (found === undefined) throw new Error(`The fault server has no ${name}.`)
  return found
}

const toMishap = (injector: Injector): Mishap => ({ name: injector.name, injector, reading: 'to_the_end' })

/** The application's own ends, on every call that streams; a stream that stalls is sure not to end before. */
const OWN_ENDS: readonly Mishap[] = [
  { name: 'the app breaks off', injector: find('stall_forever'), reading: 'breaks_off' },
  { name: 'the app aborts', injector: find('stall_forever'), reading: 'aborts' },
]

/** Calls that every fault is played on. */
const THOROUGH: ReadonlySet<string> = new Set(['chat.completions.create', 'completions.create', 'responses.create'])

const isThorough = ({ name, client, answer }: Call): boolean =>
  THOROUGH.has(name) && client === undefined && answer === 'stream'

const isSpokenBy =
  ({ api }: Call) =>
  ({ injector }: Mishap): boolean =>
    api !== undefined && speaks(injector, api)

/** For the others: one of each kind. */
const TELLING: readonly Mishap[] = [
  'plain',
  'bytewise',
  'cut_inside_event',
  'close_inside_event',
  'reset_inside_event',
  'unterminated_event',
  'cut_json',
  'empty_event',
  'html_page',
  'upstream_error',
  'upstream_error_event',
  'stall_forever',
  'http_500',
  'reset_before_headers',
  'slow_headers',
].map((name) => toMishap(find(name)))

/** A runner calls the tool, and asks again. */
const TOOL_CALLS = toMishap(find('tool_calls'))

/** What comes before any body, and so befalls what does not stream. */
const WHOLE: readonly Mishap[] = [find('plain'), ...FAULTS.filter(({ alsoUnstreamed }) => alsoUnstreamed)].map(toMishap)

/** What is played on a call over HTTP/2: all that can be, where every fault is played at all. */
export function http2MishapsOf(call: Call): readonly Mishap[] {
  return isThorough(call) ? ALL.map(toMishap).filter(isFor(2)).filter(isSpokenBy(call)) : []
}

const TIMED: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

const restsOnTime = ({ injector }: Mishap): boolean =>
  injector.expected.anomalies?.some((type) => TIMED.has(type)) === true

/** What is played on a call without a socket. Both sides are in one process then, which, when it is busy, has no time to measure. */
export function withinMishapsOf(call: Call): readonly Mishap[] {
  if (!isThorough(call)) return []
  return ALL.map(toMishap).filter((mishap) => isFor(1)(mishap) && isSpokenBy(call)(mishap) && !restsOnTime(mishap))
}

/** One that works and some that don't, for the matrix of versions. */
const FEW: ReadonlySet<string> = new Set(['plain', 'cut_json', 'close_inside_event', 'http_500'])

const PLAIN = toMishap(find('plain'))

/** What is played on a call of a version of the SDK. A version that doesn't have it is tried once. */
export function mishapsOf(call: Call, sdk: string): readonly Mishap[] {
  const { answer, name, notIn } = call
  if (answer === 'nothing' || notIn?.includes(sdk) === true) return [PLAIN]
  if (answer === 'whole') return WHOLE
  if (answer === 'bytes')
    return TELLING.filter(({ injector }) => injector === PLAIN.injector || injector.alsoUnstreamed)
  const calling = name === 'chat.completions.runTools' ? [TOOL_CALLS] : []
  const played = isThorough(call) ? ALL.map(toMishap) : [...TELLING, ...calling]
  return [...played, ...OWN_ENDS].filter(isFor(1)).filter(isSpokenBy(call))
}

/** What is played on a call with every version, module system and Node.js. */
export function fewMishapsOf(call: Call, sdk: string): readonly Mishap[] {
  return mishapsOf(call, sdk).filter(({ name }) => FEW.has(name))
}

/** How many requests a call makes, each of which is a span of its own. */
export function requestsOf({ api, name }: Call, { injector }: Mishap): number {
  if (api === undefined) return 0
  return name === 'chat.completions.runTools' && injector === TOOL_CALLS.injector ? 2 : 1
}

/** What has to be told of each of them. */
export function expectedOf(
  { answer, isHelper }: Call,
  { injector, reading }: Mishap,
  major: SdkMajor,
  wire: Wire,
): Partial<Expected> {
  if (reading !== 'to_the_end') return { outcome: 'cancelled' }
  // Where openai 4 differs from the next ones it is by its own fetch, which needs a socket and doesn't speak HTTP/2.
  const { outcome, ...expected } = expectedFor(injector, wire !== 1 && major === 4 ? 5 : major)
  // Helpers hand a signal of their own to the request; up to openai 6 they abort it without the reason of the application's.
  if (isHelper === true && expected.errorType === 'client_timeout' && major < 7) return { outcome: 'cancelled' }
  if (answer === 'whole') return expected
  return answer === 'bytes' && outcome === 'completed' ? { outcome: 'handed_off' } : { outcome, ...expected }
}
