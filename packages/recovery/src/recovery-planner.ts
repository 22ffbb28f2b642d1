import type { FaultCode, StreamReport } from '@streamgauge/core'
import { AttemptBounds } from './attempt-bounds.ts'
import type { Plan } from './attempt-log.ts'
import type { AttemptAction, AttemptRecord } from './attempt-record.ts'
import { findDelayMs, readRetryAdvice } from './backoff.ts'
import { findUncontinuable } from './continue-request.ts'
import { findEffect, type Effect } from './effects.ts'
import type { Settings } from './options.ts'
import type { PartialCollector } from './partial-answer.ts'
import { isHeldBack, type BrokenStream, type RecoveryAction } from './policy.ts'
import { readSequenceNumber } from './read-event.ts'
import { readProperty } from './records.ts'
import type { RestartMarker } from './restart-marker.ts'
import type { GiveUpReason } from './stream-broken-error.ts'

/** A fault that an attempt has ended in. */
export interface Break {
  readonly code: FaultCode
  readonly report: StreamReport
  /** What was thrown, or the event that brought the error. */
  readonly cause: unknown
}

/** What comes after a break. */
export type Next =
  | { readonly kind: 'go'; readonly plan: Plan }
  | {
      readonly kind: 'throw'
      readonly reason: GiveUpReason
      readonly effect?: Effect | undefined
      readonly broken: Break
    }

/** Decides what comes after each break of one stream: asks the policy, and holds it to the bounds. */
export class RecoveryPlanner {
  firstBreak: Break | undefined
  /** A restart after something was delivered: told to the app with the first chunk that replaces it. */
  marker: RestartMarker | undefined
  readonly #settings: Settings<unknown>
  readonly #partial: PartialCollector
  readonly #bounds: AttemptBounds
  #lastBreak: Break | undefined
  /** Attempts that have failed since a chunk came. */
  #failures = 0
  /** Attempts to resume among them, that failed or did not begin where the app is. */
  #failedResumes = 0
  /** Sequence numbers that none of those brought. */
  #missing = 0

  /** @param partial what the app has of the answer; it goes on being filled */
  constructor(settings: Settings<unknown>, partial: PartialCollector) {
    this.#settings = settings
    this.#partial = partial
    this.#bounds = new AttemptBounds(settings)
  }

  /** When no such attempt may begin any more, in milliseconds on the clock. */
  untilMs(action: AttemptAction): number {
    return this.#bounds.untilMs(action)
  }

  /** An attempt, by its number, brought a chunk that was new: what fails now fails for the first time. */
  progressed(attempt: number, chunk: unknown): void {
    this.#failures = 0
    this.#failedResumes = 0
    this.#missing = 0
    if (readSequenceNumber(chunk) !== undefined) this.#bounds.progressed(attempt)
  }

  /** What comes after an attempt that broke. */
  decide(record: AttemptRecord, broken: Break): Next {
    this.firstBreak ??= broken
    this.#lastBreak = broken
    // The response had not ended before the time was over: what began the polling is what broke.
    if (record.action === 'poll' && broken.code === 'empty_stream') {
      return { kind: 'throw', reason: 'max_elapsed', broken: this.firstBreak }
    }
    this.#failures++
    if (record.action === 'resume' && record.chunks === 0) this.#failedResumes++
    this.#bounds.spend(record)
    // The policy has said how to go on; that this server can't stream it any more is no reason to ask again.
    if (record.action === 'resume' && UNRESUMABLE.has(broken.code)) return this.#go(record, broken, 'poll', 0)
    const { shouldRetry, retryAfterMs } = readRetryAdvice(readProperty(broken.cause, 'headers'), this.#settings.clock)
    const state = this.#describe(record.number, broken, shouldRetry)
    const action = this.#settings.policy(state)
    if (!ACTIONS.has(action)) {
      throw new TypeError(`A policy must say one of ${[...ACTIONS].join(', ')}; it said ${action}.`)
    }
    if (action === 'throw') return { kind: 'throw', ...this.#explain(state), broken }
    if (!isPossible(action, state)) return { kind: 'throw', reason: 'not_possible', broken }
    const delayMs = findDelayMs(this.#settings, this.#failures, retryAfterMs, this.#settings.random)
    const isLost = record.action === 'poll' || this.#failedResumes >= MAX_FAILED_RESUMES
    return this.#go(record, broken, action === 'resume' && isLost ? 'poll' : action, delayMs)
  }

  /**
   * What comes after a resumed stream that left events out: once more from where the app is, since another replica may have
   * them. Then the end alone, which has the whole text. The policy has said how to go on.
   */
  rejoin(record: AttemptRecord): Next {
    this.#failures++
    this.#failedResumes++
    this.#missing = record.missing
    this.#bounds.spend(record)
    // Nothing is resumed that did not break.
    const broken = this.#lastBreak as Break
    if (this.#failedResumes >= MAX_FAILED_RESUMES) return this.#go(record, broken, 'poll', 0)
    const delayMs = findDelayMs(this.#settings, this.#failures, undefined, this.#settings.random)
    return this.#go(record, broken, 'resume', delayMs)
  }

  /** Why the policy gives up, as far as that is ours to know. */
  #explain(state: BrokenStream): { readonly reason: GiveUpReason; readonly effect?: Effect | undefined } {
    const { afterDelivery } = this.#settings
    const isEffect = afterDelivery !== undefined && isHeldBack(state, afterDelivery)
    return isEffect ? { reason: 'effect', effect: state.effect } : { reason: 'policy' }
  }

  /** Goes on as decided, if the bounds allow it. */
  #go({ number }: AttemptRecord, broken: Break, action: AttemptAction, delayMs: number): Next {
    const reason = this.#bounds.findBroken(action, number, delayMs)
    if (reason !== undefined) return { kind: 'throw', reason, broken }
    const { chunks: discarded } = this.#partial
    const isAnew = action === 'restart' && discarded > 0
    this.marker = isAnew
      ? { type: 'streamgauge.restart', attempt: number + 1, discarded, code: broken.code }
      : undefined
    return { kind: 'go', plan: { action, delayMs, missing: action === 'poll' ? this.#missing : 0 } }
  }

  #describe(attempt: number, { code, report, cause }: Break, shouldRetry: boolean | undefined): BrokenStream {
    const { request } = this.#settings
    return {
      code,
      report,
      cause,
      attempt,
      delivered: this.marker === undefined ? this.#partial.chunks : 0,
      canResume: this.#canResume(cause),
      uncontinuable: findUncontinuable(request, this.#partial),
      effect: findEffect(request),
      shouldRetry,
    }
  }

  /** A response in the background goes on without us, unless it has failed. */
  #canResume(cause: unknown): boolean {
    const { client, request } = this.#settings
    const { responseId, lastSequenceNumber, isBackground } = this.#partial
    const isKnown = responseId !== undefined && lastSequenceNumber !== undefined && this.marker === undefined
    const isRunning = isBackground || readProperty(request, 'background') === true
    return client !== undefined && isKnown && isRunning && readProperty(cause, 'type') !== 'response.failed'
  }
}

/** After so many, the end alone is asked for: what streams a response may be gone while the response is not. */
const MAX_FAILED_RESUMES = 2

/** Answers to a request for the rest of a response that say that it is not to be had as a stream. */
const UNRESUMABLE: ReadonlySet<FaultCode> = new Set([
  '400',
  '404',
  '405',
  '410',
  '422',
  '501',
  'not_event_stream',
  'empty_stream',
])

const ACTIONS: ReadonlySet<RecoveryAction> = new Set(['throw', 'restart', 'resume', 'continue'])

function isPossible(action: RecoveryAction, { canResume, uncontinuable }: BrokenStream): boolean {
  if (action === 'resume') return canResume
  return action !== 'continue' || uncontinuable === undefined
}
