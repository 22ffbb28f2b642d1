// Cases of the fuzz test: what is played, how it is watched, and how the two judges are compared.
import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { play } from '../play.ts'
import { wholeAnswer, type Answer } from './answers.ts'
import { damageBytes, damageList, damages } from './damage.ts'
import { judgeWhole, type Circumstances, type TransportEnd, type Verdict } from './oracle.ts'
import { showBytes, type Difference } from './run-fuzz.ts'
import { spell, spelling } from './spelling.ts'

/** A body in its circumstances, and how it comes. */
export interface Case {
  readonly bytes: Uint8Array
  readonly cuts: readonly number[]
  readonly circumstances: Circumstances
}

const NATIVE = {
  isUtf8,
  indexOf: (bytes: Uint8Array, byte: number, from: number): number => Buffer.prototype.indexOf.call(bytes, byte, from),
}

type Watched = Omit<Verdict, 'openAnomalies'>

const COMPARED = [
  'outcome',
  'end',
  'code',
  'detail',
  'parseErrors',
  'events',
  'anomalies',
  'finishReasons',
  'lastSequenceNumber',
] as const

const ERRORS: Readonly<Record<Exclude<TransportEnd, 'clean'>, readonly string[]>> = {
  reset: ['ECONNRESET', 'EPIPE'],
  premature: ['UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE'],
  protocol: ['HPE_INVALID_CHUNK_SIZE', 'Z_DATA_ERROR'],
  timeout: ['UND_ERR_BODY_TIMEOUT'],
}

function errorOf(end: TransportEnd, salt: number): Error | undefined {
  if (end === 'clean') return undefined
  const codes = ERRORS[end]
  const cause = Object.assign(new Error('x'), { code: codes[salt % codes.length] })
  return new TypeError('terminated', { cause })
}

const reads = fc.oneof(
  fc.array(fc.nat(3000), { maxLength: 12 }),
  // Every byte a read of its own.
  fc.constant(Array.from({ length: 5000 }, (_, at) => at)),
)

const end = fc.constantFrom<TransportEnd>('clean', 'clean', 'clean', 'reset', 'premature', 'protocol', 'timeout')
const contentType = fc.constantFrom(
  'text/event-stream',
  'text/event-stream',
  'text/event-stream; charset=utf-8',
  'application/json',
  'text/html',
  undefined,
)

/** Any stream, with any damage. */
export const damagedCase: fc.Arbitrary<Case> = fc
  .record({
    answer: wholeAnswer,
    damages,
    spelling,
    isUnknown: fc.boolean(),
    cuts: reads,
    end,
    contentType,
    terminator: fc.constantFrom<'required' | 'optional'>('required', 'required', 'required', 'optional'),
  })
  .map((made) => {
    const events = damageList(made.answer.events, made.damages.events)
    const lines = damageList(spell(events, made.spelling), made.damages.lines)
    return {
      bytes: damageBytes(new TextEncoder().encode(lines.join('')), made.damages),
      cuts: made.cuts,
      circumstances: circumstancesOf(
        made.isUnknown ? { ...made.answer, api: 'unknown' } : made.answer,
        made.end,
        made.contentType,
        made.terminator,
      ),
    }
  })

function circumstancesOf(
  { api, choices, usageRequested }: Answer,
  transportEnd: TransportEnd,
  mediaType: string | undefined,
  terminator: 'required' | 'optional',
): Circumstances {
  return { api, choices, usageRequested, end: transportEnd, contentType: mediaType, terminator }
}

/** What the monitor says of a case. */
export function watch({ bytes, cuts, circumstances }: Case): Watched {
  const { end: transportEnd, contentType: mediaType, ...options } = circumstances
  const report = play(bytes, {
    ...options,
    cuts,
    response: { contentType: mediaType },
    bodyError: errorOf(transportEnd, bytes.length),
    // Every byte is looked at without it.
    native: bytes.length % 2 === 0 ? NATIVE : undefined,
    // Times are not what is asked here.
    stallThresholdMs: 2 ** 30,
  })
  const { outcome, end: reportEnd, fault, parseErrors, events, finishReasons, lastSequenceNumber } = report
  return {
    outcome: outcome as Verdict['outcome'],
    end: reportEnd,
    code: fault?.code,
    detail: fault?.detail,
    parseErrors,
    events,
    anomalies: report.anomalies
      .map(({ type }) => type)
      .filter((type) => type !== 'buffered' && type !== 'coalesced')
      .toSorted(),
    finishReasons,
    lastSequenceNumber,
  }
}

/** Where the monitor and the oracle differ. */
export function compare(one: Case): Difference {
  const expected = judgeWhole(one.bytes, one.circumstances)
  const received = watch(one)
  const isSure = (type: string): boolean => !expected.openAnomalies.includes(type)
  const sure = {
    ...received,
    detail: expected.detail === undefined ? undefined : received.detail,
    anomalies: received.anomalies.filter(isSure),
  }
  const wanted = { ...expected, anomalies: expected.anomalies.filter(isSure) }
  return COMPARED.filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(sure[key])).map((key) => [
    key,
    wanted[key],
    sure[key],
  ])
}

/** A case in lines. */
export function show({ bytes, cuts, circumstances }: Case): string[] {
  const inside = cuts.filter((cut) => cut > 0 && cut < bytes.length)
  const where = inside.length > 40 ? `every byte of ${bytes.length}` : JSON.stringify(inside)
  return [...showBytes(bytes), '', JSON.stringify(circumstances), `cut at ${where}`]
}

/** A stream that nothing happened to, in any spelling. */
export const wholeCase: fc.Arbitrary<Case> = fc
  .record({ answer: wholeAnswer, spelling, cuts: reads, contentType })
  .map((made) => ({
    bytes: new TextEncoder().encode(spell(made.answer.events, made.spelling).join('')),
    cuts: made.cuts,
    circumstances: circumstancesOf(made.answer, 'clean', made.contentType, 'required'),
  }))
