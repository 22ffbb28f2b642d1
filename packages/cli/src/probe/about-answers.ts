import { describeAnomaly, describeFault, type AnomalyType } from '@streamgauge/core'
import type { Finding, Level } from '../finding.ts'
import { formatMs } from '../print/duration.ts'
import { plural } from '../print/plural.ts'
import type { Exchange } from './exchange.ts'
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
import { ofWhich } from './which-requests.ts'

/** What is said of the answers themselves: whether they broke, how they came, and how they ended. */
export function aboutAnswers(exchanges: readonly Exchange[], timeoutMs: number): readonly Finding[] {
  if (exchanges.length === 0) return []
  return [
    ...faultsOf(exchanges, timeoutMs),
    ...arrivalsOf(exchanges),
    ...anomaliesOf(exchanges),
    ...aboutEnds(exchanges),
  ]
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

/** What the catalogue says, with the requests that are meant before its full stop. */
function sentence(meaning: string, which: string): string {
  return `${withoutDot(meaning)}${which}.`
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '')
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
      text: sentence(describeFault(code)?.meaning ?? code, which),
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
    text: sentence(`${withoutDot(describeAnomaly(type)?.meaning ?? type)}: ${times}`, which),
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
    const text = sentence(describeAnomaly(type)?.meaning ?? type, ofWhich(some, exchanges))
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

function finding(level: Level, subject: string, text: string, remedy?: string): Finding {
  return { level, subject, text, remedy }
}
