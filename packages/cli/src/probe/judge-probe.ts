import { describeAnomaly, describeFault, type AnomalyType } from '@streamgauge/core'
import { byUrgency, type Finding, type Level } from '../finding.ts'
import { formatMs } from '../print/duration.ts'
import { plural } from '../print/plural.ts'
import type { Exchange, Obstacle } from './exchange.ts'
import {
  findAnomaly,
  findHolding,
  judgeArrival,
  MIN_EVENTS,
  MIN_SPREAD_MS,
  spreadMs,
  type ArrivalVerdict,
} from './judge-exchange.ts'
import { MAX_BODY_BYTES } from './read-body.ts'

/** What a probe comes to. */
export type Verdict = 'healthy' | 'harmful' | 'unclear' | Obstacle

/** Everything that was seen on the way to one server. */
export interface Observed {
  readonly exchanges: readonly Exchange[]
  /** Where the requests went through a forward proxy: its address and the variable that names it. */
  readonly proxy: string | null
  /** Whether the server offers HTTP/2: `null` where it was not asked. */
  readonly offersHttp2: boolean | null
  readonly timeoutMs: number
}

/** What can be said of it, in the order in which one wants to read it. */
export function judgeProbe(observed: Observed): readonly Finding[] {
  const { exchanges } = observed
  const obstacles = exchanges.flatMap(({ obstacle }) => obstacle ?? [])
  const answered = exchanges.filter(({ obstacle }) => obstacle === null)
  return byUrgency([
    ...obstacles.map(({ sentence, remedy }): Finding => ({
      level: 'problem',
      subject: 'answer',
      text: sentence,
      remedy,
    })),
    ...faultsOf(answered, observed.timeoutMs),
    ...(answered.length === 0 ? [] : arrivalsOf(answered)),
    ...anomaliesOf(answered),
    ...(answered.length === 0 ? [] : aboutEnds(answered)),
    ...aboutHttp(answered),
    ...aboutPath(observed, answered),
  ])
}

/** What it comes to in a word. */
export function verdictOf({ exchanges }: Observed, findings: readonly Finding[]): Verdict {
  const obstacle = exchanges.find((exchange) => exchange.obstacle !== null)?.obstacle
  if (obstacle != null) return obstacle.kind
  if (findings.some(({ level }) => level === 'problem')) return 'harmful'
  return exchanges.every((exchange) => judgeArrival(exchange) === 'flows') ? 'healthy' : 'unclear'
}

/** The same of several requests is said once, with their names. */
function grouped<Key>(
  exchanges: readonly Exchange[],
  keyOf: (exchange: Exchange) => Key | null,
): readonly (readonly [Key, readonly Exchange[]])[] {
  const groups = new Map<Key, Exchange[]>()
  for (const exchange of exchanges) {
    const key = keyOf(exchange)
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), exchange])
  }
  return [...groups]
}

/** Names the requests where not all of them are meant. */
function ofWhich(some: readonly Exchange[], all: readonly Exchange[]): string {
  return some.length === all.length ? '' : ` (${some.map(({ title }) => title).join(', ')})`
}

function faultsOf(exchanges: readonly Exchange[], timeoutMs: number): Finding[] {
  return grouped(exchanges, ({ fault }) => fault?.code ?? null).map(([code, some]) => {
    const [{ fault, stop, longestGapMs } = {} as Exchange] = some
    const which = ofWhich(some, exchanges)
    if (stop === 'given_up') {
      return {
        level: 'problem',
        subject: code,
        text: `The answer had not ended after ${timeoutMs / 1000} s${which}.`,
        why: `the longest silence was ${formatMs(longestGapMs)}`,
        remedy: 'Give a slow model more time with --timeout; a silence without an end is a server or a hop that hangs.',
      }
    }
    return {
      level: 'problem',
      subject: code,
      text: `${describeFault(code)?.meaning ?? code}${which}`,
      why: `${fault?.cause} (${fault?.confidence}): ${fault?.evidence}`,
      remedy: fault?.remedy,
    }
  })
}

function arrivalsOf(exchanges: readonly Exchange[]): Finding[] {
  const whole = exchanges.filter(({ fault, stop }) => fault === null && stop !== 'too_long')
  // What holds back a compressed answer has another remedy.
  const keyOf = (exchange: Exchange): string => JSON.stringify([judgeArrival(exchange), findHolding(exchange)?.remedy])
  return grouped(whole, keyOf).map(([, some]) => {
    const [first] = some
    return ARRIVALS[first === undefined ? 'unclear' : judgeArrival(first)](some, ofWhich(some, exchanges))
  })
}

const ARRIVALS: Readonly<Record<ArrivalVerdict, (some: readonly Exchange[], which: string) => Finding>> = {
  flows: ([first], which) => ({
    level: 'ok',
    subject: 'arrival',
    text: `Events come as they are made: ${eventsOf(first)} over ${spreadOf(first)}${which}.`,
  }),
  held_back: (some, which) => heldBack(some, which, 'buffered'),
  in_bursts: (some, which) => heldBack(some, which, 'coalesced'),
  unclear: ([first], which) => ({
    level: 'warning',
    subject: 'arrival',
    text: `Not enough to tell whether events are held back${which}: ${plural(first?.events ?? 0, 'event')} in ${spreadOf(first)}.`,
    why: `it takes ${MIN_EVENTS} events over ${MIN_SPREAD_MS / 1000} s`,
    remedy: 'Ask for a longer answer (--max-tokens), or for a model that does not answer in few words.',
  }),
}

function eventsOf(exchange: Exchange | undefined): string {
  return `${plural(exchange?.events ?? 0, 'event')} in ${plural(exchange?.reads ?? 0, 'read')}`
}

function spreadOf(exchange: Exchange | undefined): string {
  return formatMs(exchange === undefined ? 0 : spreadMs(exchange))
}

function heldBack(some: readonly Exchange[], which: string, type: 'buffered' | 'coalesced'): Finding {
  const [first] = some
  const anomaly = first === undefined ? undefined : findHolding(first)
  const times =
    type === 'coalesced' ? eventsOf(first) : `${eventsOf(first)} after ${formatMs(first?.firstEventMs ?? 0)}`
  return {
    level: 'problem',
    subject: type,
    text: `${describeAnomaly(type)?.meaning.replace(/\.$/, '')}: ${times}${which}.`,
    why: `${anomaly?.cause ?? 'unknown'} (${anomaly?.confidence ?? 'guess'}): ${anomaly?.evidence ?? ''}`,
    remedy: anomaly?.remedy,
  }
}

/** What the others are to whoever waits for the answer. Those of the arrival are told by themselves. */
const ANOMALY_LEVELS: Readonly<Partial<Record<AnomalyType, Level>>> = {
  stalled: 'warning',
  invalid_utf8: 'problem',
  sequence_gap: 'problem',
  sequence_repeat: 'problem',
  done_missing: 'note',
  late_data: 'warning',
  bom: 'warning',
}

function anomaliesOf(exchanges: readonly Exchange[]): Finding[] {
  return Object.entries(ANOMALY_LEVELS).flatMap(([type, level]) => {
    const some = exchanges.filter(({ anomalies }) => anomalies.some((anomaly) => anomaly.type === type))
    const found = some[0] === undefined ? undefined : findAnomaly(some[0], type as AnomalyType)
    if (found === undefined) return []
    const text = `${describeAnomaly(type)?.meaning ?? type}${ofWhich(some, exchanges)}`
    return [{ level, subject: type, text, remedy: found.remedy }]
  })
}

function aboutEnds(exchanges: readonly Exchange[]): Finding[] {
  const endless = exchanges.filter(({ stop }) => stop === 'too_long')
  const open = exchanges.filter(({ stop }) => stop === 'left_open')
  const isWhole = exchanges.every(({ outcome, end }) => outcome === 'completed' && end === 'terminator')
  const terminator = exchanges.every(({ sawDone }) => sawDone) ? '[DONE]' : 'the last event of its interface'
  return [
    ...(endless.length === 0
      ? []
      : [
          finding(
            'problem',
            'length',
            `The answer was longer than any of so few tokens: given up after ${MAX_BODY_BYTES / 1_048_576} MiB${ofWhich(endless, exchanges)}.`,
            'Have the server end its answers, and obey max_tokens.',
          ),
        ]),
    ...(open.length === 0
      ? []
      : [
          finding(
            'warning',
            'end',
            `The answer was over, and the body stayed open${ofWhich(open, exchanges)}.`,
            'Have the server end the body after its last event: openai 4 to 6 read on until then.',
          ),
        ]),
    ...(isWhole ? [finding('ok', 'end', `Every answer ends with ${terminator}.`)] : []),
  ]
}

function aboutHttp(exchanges: readonly Exchange[]): Finding[] {
  const odd = exchanges.find(
    ({ contentType, events }) => events > 0 && !/^\s*text\/event-stream\b/i.test(contentType ?? ''),
  )
  const compressed = exchanges.filter(
    ({ contentEncoding }) => contentEncoding !== null && contentEncoding !== 'identity',
  )
  const untilClose = exchanges.filter(({ framing }) => framing === 'close')
  const withLength = exchanges.filter(({ framing, events }) => framing === 'length' && events > 0)
  const findings: Finding[] = []
  if (odd !== undefined) {
    findings.push(
      finding(
        'warning',
        'content type',
        `Events come as ${JSON.stringify(odd.contentType ?? 'nothing')}: hops that spare text/event-stream from their buffers do not know them.`,
        'Send `Content-Type: text/event-stream`.',
      ),
    )
  }
  if (compressed[0] !== undefined) {
    findings.push(
      finding(
        'note',
        'compression',
        `Answers come compressed with ${compressed[0].contentEncoding}${ofWhich(compressed, exchanges)}.`,
      ),
    )
  }
  if (untilClose.length > 0) {
    findings.push(
      finding(
        'warning',
        'framing',
        `The end of the body is the end of its connection${ofWhich(untilClose, exchanges)}: a cut cannot be told from an end.`,
        'Have the hops speak HTTP/1.1 to the server (nginx: `proxy_http_version 1.1`), and the server send chunks.',
      ),
    )
  }
  if (withLength.length > 0) {
    findings.push(
      finding(
        'note',
        'framing',
        `The length of the answer was known before it began (Content-Length)${ofWhich(withLength, exchanges)}.`,
      ),
    )
  }
  return findings
}

/** Silence that is worth a word, in milliseconds: far below any hop's timer, and above what models take between two tokens. */
const LONG_SILENCE_MS = 3000

function aboutPath({ exchanges, proxy, offersHttp2 }: Observed, answered: readonly Exchange[]): Finding[] {
  const findings: Finding[] = []
  const tls = exchanges.find((exchange) => exchange.tls !== null)?.tls
  const hops = [...new Set(exchanges.flatMap((exchange) => exchange.hops))]
  const comments = Math.max(0, ...answered.map((exchange) => exchange.comments))
  if (tls?.isPublicRoot === false) {
    findings.push(
      finding(
        'warning',
        'TLS',
        `The certificate is by ${tls.issuer}, which is no public authority: a proxy that opens TLS, or a private server.`,
        'A proxy that reads all that passes may hold it back: ask who runs it to let this host through unopened.',
      ),
    )
  }
  if (proxy !== null) {
    findings.push(
      finding(
        'note',
        'proxy',
        `The requests went through ${proxy}. Node's own fetch, and so the SDK, does so only with NODE_USE_ENV_PROXY=1.`,
      ),
    )
  }
  if (hops.length > 0) findings.push(finding('note', 'hops', `Headers tell of ${hops.join(', ')}.`))
  if (comments > 0)
    findings.push(finding('note', 'keep-alive', `Comments keep the connection alive: ${comments} in one answer.`))
  const tokens = answered.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0)
  if (tokens > 0)
    findings.push(finding('note', 'cost', `The answers took ${tokens} output tokens, as far as the server said.`))
  const longest = Math.max(0, ...answered.map((exchange) => exchange.longestGapMs))
  if (longest >= LONG_SILENCE_MS) {
    findings.push(finding('note', 'silence', `The longest silence between two pieces was ${formatMs(longest)}.`))
  }
  const closing = answered.find((exchange) => exchange.closesConnection)
  if (closing !== undefined) {
    findings.push(
      finding('note', 'connection', 'The connection is closed after each answer, and each request pays for a new one.'),
    )
  }
  if (offersHttp2 === false)
    findings.push(finding('note', 'HTTP/2', 'HTTP/2 is not offered; the SDK does not ask for it.'))
  return findings
}

function finding(level: Level, subject: string, text: string, remedy?: string): Finding {
  return { level, subject, text, remedy }
}
