import { byUrgency, type Finding } from '../finding.ts'
import { formatMs } from '../print/duration.ts'
import type { Exchange } from './exchange.ts'
import { findHolding, judgeArrival, type ArrivalVerdict } from './judge-exchange.ts'
import type { ProbeResult } from './run-probe.ts'

/** What the way to one server does that the way to another does not, request by request of the same kind. */
export function compareProbes(here: ProbeResult, there: ProbeResult): readonly Finding[] {
  const pairs = here.exchanges.flatMap((exchange) => {
    const other = there.exchanges.find(({ asking }) => asking === exchange.asking)
    return other === undefined || exchange.obstacle !== null || other.obstacle !== null
      ? []
      : [[exchange, other] as const]
  })
  if (pairs.length === 0) {
    const failed = [here, there].filter(({ exchanges }) => exchanges.some(({ obstacle }) => obstacle !== null))
    const text = `There is nothing to compare: no streams came from ${failed.map(({ baseURL }) => baseURL).join(', nor from ')}.`
    return [{ level: 'problem', subject: 'compared', text }]
  }
  const differences = distinct(
    pairs.flatMap(([exchange, other]) => DIFFERENCES.flatMap((find) => find(exchange, other) ?? [])),
  )
  const harm = differences.find(({ level }) => level === 'problem')
  const isSick = [here, there].map(({ verdict }) => verdict === 'harmful')
  if (harm === undefined && isSick[0] === true && isSick[1] === true) {
    differences.unshift({
      level: 'problem',
      subject: 'compared',
      text: 'Both ways harm streams alike: it is the server, or something that both ways share.',
    })
  } else if (differences.length === 0) {
    differences.push({ level: 'ok', subject: 'compared', text: 'Both ways bring the same streams in the same way.' })
  }
  return byUrgency(differences)
}

type Difference = (here: Exchange, there: Exchange) => Finding | undefined

const HOLDS: Readonly<Record<ArrivalVerdict, string>> = {
  flows: 'as they are made',
  held_back: 'late and at once',
  in_bursts: 'in bursts',
  unclear: 'too few to tell',
}

/** How bad each way of arriving is; `undefined` says nothing. */
const BADNESS: Readonly<Record<ArrivalVerdict, number | undefined>> = {
  flows: 0,
  in_bursts: 1,
  held_back: 2,
  unclear: undefined,
}

const DIFFERENCES: readonly Difference[] = [
  (here, there) => {
    if (here.fault?.code === there.fault?.code) return undefined
    const word = ({ fault }: Exchange): string => fault?.code ?? 'whole'
    return {
      level: here.fault === null ? 'note' : 'problem',
      subject: 'answer',
      text: `The answer is ${word(here)} here, and ${word(there)} there (${here.title}).`,
      remedy: here.fault?.remedy,
    }
  },
  (here, there) => {
    const [hereIs, thereIs] = [judgeArrival(here), judgeArrival(there)]
    const [bad, good] = [BADNESS[hereIs], BADNESS[thereIs]]
    if (bad === undefined || good === undefined || bad === good) return undefined
    const anomaly = findHolding(here)
    return {
      level: bad > good ? 'problem' : 'note',
      subject: 'arrival',
      text: `Events come ${HOLDS[hereIs]} here, and ${HOLDS[thereIs]} there (${here.title}): what lies between ${bad > good ? 'holds them back' : 'is not to blame'}.`,
      why: bad > good ? (anomaly?.evidence ?? undefined) : undefined,
      remedy: bad > good ? anomaly?.remedy : undefined,
    }
  },
  (here, there) => {
    const [slow, quick] = [here.firstEventMs, there.firstEventMs]
    if (slow === null || quick === null || slow - quick < MIN_DELAY_MS || slow < 1.5 * quick) return undefined
    return note(
      'first event',
      `The first event takes ${formatMs(slow)} here, and ${formatMs(quick)} there (${here.title}).`,
    )
  },
  differs('compression', ({ contentEncoding }) => contentEncoding ?? 'none'),
  differs('content type', ({ contentType }) => contentType ?? 'none'),
  differs('framing', ({ framing }) => framing ?? 'unknown'),
  differs('HTTP version', ({ httpVersion }) => httpVersion ?? 'unknown'),
  differs('[DONE]', ({ sawDone }) => (sawDone ? 'sent' : 'missing')),
  differs('keep-alive comments', ({ comments }) => (comments > 0 ? 'some' : 'none')),
  differs('connection', ({ closesConnection }) => (closesConnection ? 'closed' : 'kept')),
  differs('certificate', ({ tls }) => (tls === null ? 'none' : `by ${tls.issuer}`)),
  differs('hops', ({ hops }) => (hops.length === 0 ? 'none seen' : hops.join(', '))),
]

/** A first event that comes so much later is not just how models differ from one time to the next, in milliseconds. */
const MIN_DELAY_MS = 500

function differs(subject: string, read: (exchange: Exchange) => string): Difference {
  return (here, there) =>
    read(here) === read(there)
      ? undefined
      : note(subject, `${capitalize(subject)}: ${read(here)} here, ${read(there)} there.`)
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function note(subject: string, text: string): Finding {
  return { level: 'note', subject, text }
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.text, finding])).values()]
}
