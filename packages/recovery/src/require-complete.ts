import type { StreamReport } from '@streamgauge/core'
import type { AttemptRecord } from './attempt-record.ts'
import { Attempt, type StreamSource } from './attempt.ts'
import { checkOptions, ofType, oneOf, type Rules } from './check-options.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import { PartialCollector } from './partial-answer.ts'
import type { PartialToolCall } from './partial-tool-calls.ts'
import { readProperty } from './records.ts'
import { isRestart } from './restart-marker.ts'
import { StreamBrokenError, type StreamBrokenCode } from './stream-broken-error.ts'
import { readExpectation, StreamWatch } from './stream-watch.ts'

/** What counts as a whole answer. */
export interface CompleteOptions {
  /** The body of the request: it tells the API, and how many choices were asked for. @defaultValue told from the chunks */
  readonly request?: unknown
  /** Finish reasons that do although they cut an answer short, such as `length`, in any case of letters. @defaultValue none */
  readonly accept?: readonly string[] | undefined
  /**
   * `'optional'`: this server ends complete answers with neither a finish reason nor `[DONE]`.
   *
   * @defaultValue what is known of the server and the model of `request`
   */
  readonly terminator?: 'required' | 'optional' | undefined
  /** @defaultValue the system's */
  readonly clock?: Clock | undefined
}

/**
 * The same chunks as the stream, and an error at its end where the answer is not whole: a `StreamBrokenError` with the code of the
 * fault; `incomplete_tool_arguments` where the arguments of a tool call are not JSON, whatever the finish reason; or
 * `incomplete_answer` where the finish reason says that the model was stopped; or `missing_events` where events were lost and the
 * last one doesn't make up for them.
 *
 * So what stands behind the loop runs with a whole answer only. It takes what `create` of the SDK returns, any stream of chunks, or
 * what `recoverStream` returns, whose errors it passes on.
 *
 * @throws RangeError where an option is unknown or out of range.
 * @public
 */
export function requireComplete<Chunk>(
  source: StreamSource<Chunk>,
  options: CompleteOptions = {},
): AsyncGenerator<Chunk, undefined, unknown> {
  // A request that fails before the first chunk is asked for is told of then.
  if (isThenable(source)) source.then(undefined, () => {})
  checkOptions(options, COMPLETE_RULES)
  return readComplete(source, new PartialCollector(), options)
}

export const COMPLETE_RULES: Rules<CompleteOptions> = {
  request: ofType('object', 'the body of the request'),
  accept: {
    allowed: 'an array of strings',
    accepts: (value) => Array.isArray(value) && value.every((reason) => typeof reason === 'string'),
  },
  terminator: oneOf('required', 'optional'),
  clock: ofType('object', 'a clock'),
}

/** The same, with what the chunks brought gathered. */
export async function* readComplete<Chunk>(
  source: StreamSource<Chunk>,
  partial: PartialCollector,
  { request, accept = [], terminator, clock = SYSTEM_CLOCK }: CompleteOptions,
): AsyncGenerator<Chunk, undefined, unknown> {
  const watch = new StreamWatch(readExpectation(request, terminator), clock)
  const attempt = new Attempt(() => source, watch, clock, undefined)
  try {
    for (;;) {
      const step = await attempt.next()
      if (step.kind === 'left') return undefined
      if (step.kind === 'failed') throw step.error
      if (step.kind === 'ended') {
        // What was recovered is known better by who recovered it.
        const recovered = readRecovered(source)
        if (recovered !== undefined && step.cause !== undefined) throw step.cause
        const { attempts = [], report = step.report } = recovered ?? {}
        assertComplete(report, partial, accept, { attempts, cause: step.cause })
        return undefined
      }
      if (isRestart(step.chunk)) partial.clear()
      else partial.add(step.chunk)
      yield step.chunk
    }
  } finally {
    attempt.close()
  }
}

function isThenable(source: unknown): source is PromiseLike<unknown> {
  return typeof readProperty(source, 'then') === 'function'
}

interface Recovered {
  readonly attempts: readonly AttemptRecord[]
  readonly report: StreamReport | undefined
}

function readRecovered(source: object): Recovered | undefined {
  return 'attempts' in source && 'report' in source ? (source as Recovered) : undefined
}

function assertComplete(
  report: StreamReport,
  partial: PartialCollector,
  accept: readonly string[],
  { attempts, cause }: { readonly attempts: readonly AttemptRecord[]; readonly cause: unknown },
): void {
  const code = findIncomplete(report, partial, accept) ?? findMissing(report, partial, attempts)
  if (code === undefined) return
  throw new StreamBrokenError({ code, reason: 'not_asked', partial: partial.answer, attempts, report, cause })
}

function findIncomplete(
  { fault, anomalies, finishReasons }: StreamReport,
  partial: PartialCollector,
  accept: readonly string[],
): StreamBrokenCode | undefined {
  if (fault !== undefined && fault.code !== 'late_transport_error') return fault.code
  // Arguments that are too long to be kept were followed bracket by bracket, which is what the anomaly says; it knows only of
  // the last attempt.
  const isHalf = partial.isCut
    ? anomalies.some(({ type }) => type === 'incomplete_tool_arguments')
    : partial.answer.toolCalls.some(isHalfJson)
  if (isHalf) return 'incomplete_tool_arguments'
  const accepted = new Set(accept.map((reason) => reason.toLowerCase()))
  const reasons = finishReasons.map((reason) => reason.toLowerCase())
  const isShort = reasons.some((reason) => CUT_SHORT.has(reason) && !accepted.has(reason))
  return isShort ? 'incomplete_answer' : undefined
}

/**
 * Events were lost: by numbers that are missing between those that came, or since the end of a response was polled. It does
 * where the event that ended it has the output of the response, with no less text than had come.
 */
function findMissing(
  { anomalies }: StreamReport,
  { endsWithAll }: PartialCollector,
  attempts: readonly AttemptRecord[],
): StreamBrokenCode | undefined {
  if (endsWithAll) return undefined
  const isMissing = attempts.length === 0 ? anomalies.some(({ type }) => type === 'sequence_gap') : hasLost(attempts)
  return isMissing ? 'missing_events' : undefined
}

/** Whether what the app was handed last, from its beginning on, has a hole. */
function hasLost(attempts: readonly AttemptRecord[]): boolean {
  const giving = attempts.filter(({ chunks }) => chunks > 0)
  const begins = giving.findLastIndex(({ action }) => action === 'start' || action === 'restart')
  return giving
    .slice(Math.max(begins, 0))
    .some(({ action, anomalies }) => action === 'poll' || anomalies.includes('sequence_gap'))
}

/** The text for a custom tool has no form to go by: it is whole where the answer is. */
export function isHalfJson({ type, isComplete }: PartialToolCall): boolean {
  return type === 'function' && !isComplete
}

/** Finish reasons that say that a model was stopped. Servers have many names for a model that has finished. */
const CUT_SHORT: ReadonlySet<string> = new Set([
  'length',
  'max_tokens',
  'max_output_tokens',
  'model_length',
  'content_filter',
  'incomplete',
  'error',
  'abort',
  'insufficient_system_resource',
])
