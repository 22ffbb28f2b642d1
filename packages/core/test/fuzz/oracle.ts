// What must be said of a body: a simple and slow judge, written from the contract and not from the product.
import type { StreamApi } from '../../src/vocabulary.ts'
import { isJsonBeginning } from './json-beginning.ts'
import { readWholeAnswer, type WholeAnswer } from './read-whole-answer.ts'
import { readWholeBody, type WholeBody, type WholeEvent } from './read-whole-body.ts'

/** How the transport ended a body. */
export type TransportEnd = 'clean' | 'reset' | 'premature' | 'protocol' | 'timeout'

/** What the judge is told beside the bytes. */
export interface Circumstances {
  readonly api: StreamApi
  readonly end: TransportEnd
  readonly contentType: string | undefined
  readonly choices: number
  readonly usageRequested: boolean
  readonly terminator: 'required' | 'optional'
}

/** What must be said. */
export interface Verdict {
  readonly outcome: 'completed' | 'broken'
  readonly end: string
  readonly code: string | undefined
  /** `undefined` where the contract leaves it open. */
  readonly detail: string | undefined
  readonly parseErrors: number
  readonly events: number
  readonly anomalies: readonly string[]
  /** Anomalies that the contract leaves open here. */
  readonly openAnomalies: readonly string[]
  readonly finishReasons: readonly string[]
  readonly lastSequenceNumber: number | undefined
}

const TRANSPORT_CODES: Readonly<Record<Exclude<TransportEnd, 'clean'>, string>> = {
  reset: 'connection_reset',
  premature: 'premature_close',
  protocol: 'protocol_error',
  timeout: 'body_timeout',
}

/** Judges a whole body. */
export function judgeWhole(bytes: Uint8Array, circumstances: Circumstances): Verdict {
  const body = readWholeBody(bytes)
  const answer = readWholeAnswer(body, circumstances.api, circumstances.choices)
  const { code, end } = judgeAnswer(bytes, answer, circumstances)
  return {
    outcome: code === undefined ? 'completed' : 'broken',
    end,
    code,
    detail: code === 'malformed_event' && answer.stop !== undefined ? detailOf(answer.stop.event) : undefined,
    parseErrors: parseErrorsOf(code, answer),
    events: answer.events,
    anomalies: anomaliesOf(body, answer, circumstances, code),
    // Arguments that never were JSON are no cut JSON; how far they can be told from it is nobody's promise.
    openAnomalies: answer.toolArguments.some((text) => text !== '' && !isJson(text) && !isCutJson(text))
      ? ['incomplete_tool_arguments']
      : [],
    finishReasons: finishReasonsOf(code, answer, circumstances.choices),
    lastSequenceNumber: answer.lastSequenceNumber,
  }
}

/** The table of the contract, section 4.2, first match wins. */
function judgeAnswer(
  bytes: Uint8Array,
  answer: WholeAnswer,
  { end, contentType, terminator }: Circumstances,
): { code?: string; end: string } {
  const { stop, tail } = answer
  const isWhole = answer.terminator !== undefined || answer.isFinished
  if (stop?.why === 'upstream') return { code: 'upstream_error', end: 'upstream_error' }
  // Nothing was an event, nor the beginning of one; what is only [DONE] is no answer, whatever ended its connection.
  const isEmpty = answer.eventsBeforeDone === 0 && tail === 'none'
  if (isEmpty && (end === 'clean' || answer.terminator !== undefined)) {
    const isPage = answer.events === 0 && /^\s*[<{[]/.test(new TextDecoder().decode(bytes))
    const isLabelled = contentType === undefined ? !isPage : /^text\/event-stream\s*(;|$)/i.test(contentType)
    return { code: isLabelled || bytes.length === 0 ? 'empty_stream' : 'not_event_stream', end: 'eof' }
  }
  if (stop?.why === 'malformed') return { code: 'malformed_event', end: 'parse_error' }
  if (stop?.why === 'empty') return { code: 'empty_event', end: 'parse_error' }
  if (end !== 'clean') return { code: isWhole ? 'late_transport_error' : TRANSPORT_CODES[end], end: 'transport_error' }
  if (answer.terminator !== undefined) return { end: 'terminator' }
  if (tail === 'cut') return { code: 'truncated_event', end: 'eof' }
  if (tail === 'whole') return { code: 'unterminated_event', end: 'eof' }
  if (answer.isFinished || terminator === 'optional') return { end: 'eof' }
  return { code: 'missing_terminator', end: 'eof' }
}

const PARSE_CODES = new Set([
  'malformed_event',
  'empty_event',
  'not_event_stream',
  'truncated_event',
  'unterminated_event',
])

/** "Malformed, empty, not an event stream, or cut by whatever ended the stream." */
function parseErrorsOf(code: string | undefined, { tail }: WholeAnswer): number {
  return code !== undefined && (PARSE_CODES.has(code) || tail === 'cut') ? 1 : 0
}

/** "`error` where an answer was cut", in the order of the choices; where several were asked for, each keeps its place. */
function finishReasonsOf(code: string | undefined, { finishReasons }: WholeAnswer, choices: number): string[] {
  const indices = [...finishReasons.keys()].toSorted((a, b) => a - b)
  // What is whole misses no reason: some servers never give one.
  const isWhole = code === undefined || code === 'late_transport_error'
  const all =
    choices > 1 && !isWhole
      ? Array.from({ length: Math.max(choices, (indices.at(-1) ?? 0) + 1) }, (_, i) => i)
      : indices
  const reasons = all.map((index) => finishReasons.get(index) ?? '')
  if (isWhole) return reasons.filter((reason) => reason !== '')
  return reasons.length === 0 ? ['error'] : reasons.map((reason) => (reason === '' ? 'error' : reason))
}

/** Only what is beyond doubt. */
function detailOf({ data, dataLines, strayLines }: WholeEvent): string | undefined {
  if (/^<[a-z!/?]/i.test(data)) return 'html'
  if (dataLines.length === 2 && dataLines.every(isJson)) return 'joined'
  if (dataLines.length !== 1 || strayLines.length > 0) return undefined
  return isCutJson(data) ? 'cut_json' : undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isCutJson(text: string): boolean {
  return /^[[{"]/.test(text) && isJsonBeginning(text)
}

function anomaliesOf(
  body: WholeBody,
  answer: WholeAnswer,
  { usageRequested }: Circumstances,
  code: string | undefined,
): string[] {
  const isCompleted = code === undefined
  const isChoices = answer.api === 'chat' || answer.api === 'completions'
  const found: Record<string, boolean> = {
    bom: body.hasMark,
    // A body that ends inside a character was cut there: its bytes are not wrong.
    invalid_utf8: !body.isUtf8,
    sequence_gap: answer.hasGap,
    sequence_repeat: answer.hasRepeat,
    late_data: answer.lateEvents > 0,
    done_missing: isCompleted && isChoices && answer.isFinished && !answer.isDoneSeen,
    usage_missing: isCompleted && usageRequested && !answer.hasUsage,
    incomplete_tool_arguments: isCompleted && answer.toolArguments.some(isCutJson),
  }
  return Object.keys(found)
    .filter((type) => found[type])
    .toSorted()
}
