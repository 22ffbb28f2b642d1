import { readErrorFacts, StreamMonitor, type StreamReport } from '@streamgauge/core'
import { ATTR, GEN_AI, METRIC } from '@streamgauge/core/semconv'
import type { FuzzCase, FuzzResult, Told } from '../apps/fuzz-consumer.ts'
import { errorOf } from '../apps/fuzz-body.ts'
import type { Difference } from './run-fuzz.ts'

type Row = Difference[number]

/** What must hold of whatever is told of any case. */
export function judgeTold(one: FuzzCase, result: FuzzResult): Difference {
  const { told } = result
  if (told === undefined) return [['told', 'something', undefined]]
  const [span] = told.spans
  const attributes = span?.attributes ?? {}
  const outcome = attributes[ATTR.OUTCOME]
  const isBroken = outcome === 'broken'
  const rows: Row[] = [
    ['messages of ours', [], told.diag],
    ['spans started', 1, told.started],
    ['spans ended', 1, told.spans.filter(({ ended }) => ended).length],
    ['status is ERROR', isBroken, span?.status === 2],
    ['log events', isBroken ? 1 : 0, told.logRecords],
    ['error.type is there', isBroken, attributes[GEN_AI.ERROR_TYPE] !== undefined],
    ['streams ended', 1, told.counters[METRIC.ENDED]],
    ['streams active', 0, told.counters[METRIC.ACTIVE]],
    ['reads counted', attributes[ATTR.READS], told.counters[METRIC.READS]],
    ['bytes counted', attributes[ATTR.BYTES], told.counters[METRIC.IO]],
    ['bytes', bytesOf(one, Number(attributes[ATTR.READS])), attributes[ATTR.BYTES]],
    ['no more reads than there were', true, Number(attributes[ATTR.READS]) <= result.reads],
    [
      'the end is one that the program allows',
      true,
      isAllowed(one, result, String(outcome), String(attributes[ATTR.END])),
    ],
  ]
  const differences = rows.filter(([, expected, received]) => JSON.stringify(expected) !== JSON.stringify(received))
  return [...differences, ...judgeReadToEnd(one, result, told)]
}

function bytesOf({ body }: FuzzCase, reads: number): number {
  return body.reads.slice(0, reads).reduce((sum, piece) => sum + Buffer.from(piece, 'base64').length, 0)
}

/** Who ended it: only who could. */
function isAllowed({ program }: FuzzCase, { seen }: FuzzResult, outcome: string, end: string): boolean {
  const did = (what: string): boolean => program.steps.some((step) => step.do === what)
  const cancels = program.via === 'readable' || did('return') || did('throw')
  const isRaw = program.via === 'raw'
  if (isRaw) return outcome === 'handed_off' && end === 'handed_off'
  switch (end) {
    case 'consumer_break':
    case 'consumer_throw':
      return (outcome === 'cancelled' || outcome === 'completed') && (did('return') || did('throw'))
    case 'consumer_abort':
      // openai 7 aborts the request for a readable that is cancelled or refused, and for a tee whose branches are both.
      return (outcome === 'cancelled' || outcome === 'completed') && (did('abort') || cancels)
    case 'consumer_timeout':
      return outcome !== 'abandoned' && did('abort')
    case 'collected':
      return outcome === 'abandoned' || outcome === 'completed'
    case 'handed_off':
      return outcome === 'handed_off' && seen.body.length === 0
    case 'terminator':
    case 'eof':
    case 'transport_error':
    case 'parse_error':
    case 'upstream_error':
      return outcome === 'completed' || outcome === 'broken'
    default:
      return false
  }
}

const KEYS = ['outcome', 'end', 'code', 'detail', 'events', 'finishReasons', 'anomalies', 'chunks'] as const

/** Who reads to the end, and does nothing else, is told what core says of the same bytes. */
function judgeReadToEnd(one: FuzzCase, result: FuzzResult, told: Told): Difference {
  const { program } = one
  const isPlain = program.steps.every((step) => step.do === 'next' || step.do === 'pause')
  const isEnded = program.via === 'loop' || (program.via === 'iterator' && program.drains)
  if (!isPlain || !isEnded) return []
  const report = replay(one, result)
  const attributes = told.spans[0]?.attributes ?? {}
  const expected = {
    outcome: report.outcome,
    end: report.end,
    code: report.fault?.code,
    detail: report.fault?.detail,
    events: report.events,
    finishReasons: report.finishReasons,
    anomalies: timeless(report.anomalies.map(({ type }) => type)),
    chunks: Object.values(report.chunks).reduce((sum, count) => sum + count, 0),
  }
  const received = {
    outcome: attributes[ATTR.OUTCOME],
    end: attributes[ATTR.END],
    code: attributes[GEN_AI.ERROR_TYPE],
    detail: attributes[ATTR.FAULT_DETAIL],
    events: attributes[ATTR.EVENTS],
    finishReasons: attributes[GEN_AI.RESPONSE_FINISH_REASONS] ?? [],
    anomalies: timeless((attributes[ATTR.ANOMALIES] ?? []) as string[]),
    chunks: told.counters[METRIC.CHUNKS],
  }
  // Some majors hand over an error like any event, and read on; core stops at it.
  const compared = report.end === 'upstream_error' ? (['outcome', 'end', 'code', 'events'] as const) : KEYS
  return compared
    .filter((key) => JSON.stringify(expected[key]) !== JSON.stringify(received[key]))
    .map((key) => [`like core: ${key}`, expected[key], received[key]])
}

const TIMED = new Set(['stalled', 'buffered', 'coalesced'])

function timeless(types: readonly string[]): string[] {
  return types.filter((type) => !TIMED.has(type)).toSorted()
}

/** The bytes that were read, played to core. */
function replay({ api, body }: FuzzCase, { seen, reads }: FuzzResult): StreamReport {
  const monitor = new StreamMonitor({ api }, 0)
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'unknown' }, 0)
  for (const piece of body.reads.slice(0, reads)) {
    monitor.pull(1)
    monitor.read(Buffer.from(piece, 'base64'), 1)
  }
  const error = errorOf(body.end)
  const isAll = seen.body.filter((asked) => asked === 'pull').length > body.reads.length
  if (!isAll) monitor.cancel(1)
  else if (error === undefined) monitor.eof(1)
  else monitor.fail(readErrorFacts(error), 1)
  const thrown = findThrown(seen.log)
  if (thrown === undefined) return monitor.finish({ kind: 'done' }, 2)
  return monitor.finish(
    { kind: 'threw', error: thrown.isOurs ? readErrorFacts(error) : { names: [thrown.type, thrown.name], codes: [] } },
    2,
  )
}

interface Thrown {
  readonly type: string
  readonly name: string
  readonly isOurs: boolean
}

function findThrown(log: readonly unknown[]): Thrown | undefined {
  for (const entry of log) {
    for (const part of entry as readonly unknown[]) {
      const { thrown } = (typeof part === 'object' && part !== null ? part : {}) as { thrown?: Thrown }
      if (thrown !== undefined) return thrown
    }
  }
  return undefined
}
