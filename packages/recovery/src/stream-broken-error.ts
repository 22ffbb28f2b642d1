import { describeFault, type FaultCode, type StreamReport } from '@streamgauge/core'
import type { AttemptRecord } from './attempt-record.ts'
import type { Effect } from './effects.ts'
import type { PartialAnswer } from './partial-answer.ts'

/**
 * Codes of a `StreamBrokenError`: those of the fault catalogue, and three of answers that ended well and are not whole:
 * `incomplete_tool_arguments`; `incomplete_answer`, which ended with a finish reason such as `length`; and `missing_events`.
 */
export type StreamBrokenCode = FaultCode | 'incomplete_tool_arguments' | 'incomplete_answer' | 'missing_events'

/** Why a broken stream was not recovered. */
export type GiveUpReason =
  /** The policy said so: by default since another attempt would meet the same, or since something had been delivered. */
  | 'policy'
  /** The request may leave something behind, so it is not sent again unasked: `effect` says what. */
  | 'effect'
  /** The bound of `maxAttempts` was met. */
  | 'max_attempts'
  /** `maxElapsedMs` is over, or would be before the next attempt may begin. */
  | 'max_elapsed'
  /** The attempts have cost `maxCost`. */
  | 'max_cost'
  /** The policy said `resume` or `continue`, which this stream can't. */
  | 'not_possible'
  /** The app's own signal timed out. An abort is no fault: the app gets its reason. */
  | 'signal'
  /** The app asked for a whole answer, and for no recovery: `requireComplete`. */
  | 'not_asked'

/** What a `StreamBrokenError` is made of. */
export interface StreamBrokenDetails {
  readonly code: StreamBrokenCode
  readonly reason: GiveUpReason
  readonly partial: PartialAnswer
  readonly attempts: readonly AttemptRecord[]
  readonly effect?: Effect | undefined
  readonly report?: StreamReport | undefined
  readonly cause?: unknown
}

/**
 * An answer that is not whole. Match on `code`, not on the class: an app may have two copies of this package.
 *
 * @public
 */
export class StreamBrokenError extends Error {
  /** What was observed, by the fault catalogue. */
  readonly code: StreamBrokenCode
  /** Why it was not recovered. */
  readonly reason: GiveUpReason
  /** What the request may leave behind, where that is the reason. */
  readonly effect: Effect | undefined
  /** What the app was handed, up to 262,144 characters. Not enumerable: a log of the error doesn't have it. */
  declare readonly partial: PartialAnswer
  /** Every attempt that was made, oldest first. */
  readonly attempts: readonly AttemptRecord[]
  /** One line of advice, of the catalogue. */
  readonly remedy: string
  /**
   * Everything that is known of the last attempt: the chunk that broke, byte by byte, the cause and how sure that is. Not
   * enumerable either.
   */
  declare readonly report: StreamReport | undefined

  constructor(details: StreamBrokenDetails) {
    const { code, reason, effect, partial, attempts, report, cause } = details
    const remedy = REMEDIES[code] ?? describeFault(code)?.remedy ?? ''
    super(formatMessage(details), cause === undefined ? undefined : { cause })
    this.name = 'StreamBrokenError'
    this.code = code
    this.reason = reason
    this.effect = effect
    this.attempts = attempts
    this.remedy = remedy
    // What a model said is no matter for logs, and loggers write all that they can enumerate.
    Object.defineProperties(this, { partial: { value: partial }, report: { value: report } })
  }
}

const REMEDIES: Readonly<Partial<Record<StreamBrokenCode, string>>> = {
  incomplete_tool_arguments: 'Do not run the tool: ask again, with more tokens where the finish reason is `length`.',
  incomplete_answer: 'Ask again with more tokens, or accept the finish reason by `accept`.',
  missing_events: 'Retrieve the response by its id, or ask again.',
}

const MEANINGS: Readonly<Partial<Record<StreamBrokenCode, string>>> = {
  incomplete_tool_arguments: 'The arguments of a tool call are not whole JSON.',
  incomplete_answer: 'The model stopped before its answer was finished.',
  missing_events: 'Events were lost on the way, and the last one does not have the whole text.',
}

const REASONS: Readonly<Record<GiveUpReason, string>> = {
  policy: 'The policy gives up on that.',
  effect: 'It may leave something behind, so it is not sent again without `mayRepeat`',
  max_attempts: 'No attempt is left.',
  max_elapsed: 'No time is left for another attempt.',
  max_cost: 'The attempts have cost all that they may.',
  not_possible: 'It can neither be resumed nor continued.',
  signal: 'The signal of the app timed out.',
  not_asked: '',
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  unknown_request: 'hand the request over as `request`, for what it may do to be known',
  background: 'the server runs it on',
  stored: 'the answer is stored',
  conversation: 'the answer becomes part of a conversation',
  server_tools: 'the server runs tools by itself',
  stored_prompt: 'a stored prompt may bring tools along',
}

function formatMessage({ code, reason, effect, partial, attempts }: StreamBrokenDetails): string {
  const meaning = MEANINGS[code] ?? (/^\d+$/.test(code) ? '' : (describeFault(code)?.meaning ?? ''))
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
  const where = `${count(partial.chunks, 'chunk')} delivered, ${count(attempts.length, 'attempt')}`
  const why = effect === undefined ? REASONS[reason] : `${REASONS[reason]}: ${EFFECTS[effect]}.`
  return [`Stream broken: ${code}.`, meaning, `${where}.`, why].filter((part) => part !== '').join(' ')
}
