import type { AnomalyType, FaultCode, StreamReport } from '@streamgauge/core'
import { GEN_AI } from '@streamgauge/core/semconv'
import type { AttemptAction, AttemptRecord } from './attempt-record.ts'
import type { Clock } from './clock.ts'
import { RECOVERY_ATTR, RECOVERY_METRIC } from './semconv.ts'
import type { Splice } from './splice.ts'
import type { GiveUpReason } from './stream-broken-error.ts'
import type { StreamWatch } from './stream-watch.ts'
import { AttemptSpans, count, type AttemptSpan } from './telemetry.ts'

/** What is done next, and how long is waited before. */
export interface Plan {
  readonly action: AttemptAction
  /** Milliseconds. */
  readonly delayMs: number
  /** Sequence numbers behind what the app has that are known not to come. */
  readonly missing?: number | undefined
}

/** One attempt while it runs, with all that is told of it at its end. */
export interface Running extends Plan {
  readonly number: number
  readonly watch: StreamWatch
  readonly span: AttemptSpan
  readonly splice: Splice
  readonly startedAtMs: number
  /** Chunks that the app was handed. */
  chunks: number
}

const GAP: AnomalyType = 'sequence_gap'

/** What became of the attempts of one stream: records for the app, spans and counters for whoever watches. */
export class AttemptLog {
  readonly attempts: AttemptRecord[] = []
  /** How the last one ended. */
  report: StreamReport | undefined
  readonly #spans = new AttemptSpans()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins the span of the next attempt. */
  begin(plan: Plan): { readonly number: number; readonly span: AttemptSpan } {
    const number = this.attempts.length + 1
    return { number, span: this.#spans.begin({ number, ...plan }) }
  }

  /** An attempt is over. @param mistake name of an error of the program, where that has ended it */
  close(
    running: Running,
    report: StreamReport,
    attributes: Readonly<Record<string, string>> = {},
    mistake?: string,
  ): void {
    const record = this.recordOf(running, report)
    const { chunks, repeated, missing } = record
    this.report = report
    this.attempts.push(record)
    const all = {
      [RECOVERY_ATTR.CHUNKS]: chunks,
      ...(running.watch.isUnseen ? { [RECOVERY_ATTR.UNSEEN]: true } : {}),
      ...(repeated > 0 ? { [RECOVERY_ATTR.REPEATED]: repeated } : {}),
      ...(missing > 0 ? { [RECOVERY_ATTR.MISSING]: missing } : {}),
      ...attributes,
    }
    running.span.end(report, all, mistake)
  }

  /** What an attempt has come to by now. */
  recordOf(running: Running, { fault, outcome, usage, anomalies, chunks: all }: StreamReport): AttemptRecord {
    const { number, action, delayMs, startedAtMs, chunks, splice } = running
    return {
      number,
      action,
      delayMs,
      durationMs: this.#clock.nowMs() - startedAtMs,
      outcome,
      code: fault?.code,
      confidence: fault?.confidence,
      chunks,
      outputChunks: all.output,
      usage,
      repeated: splice.repeated,
      missing: splice.missing,
      anomalies: [...new Set([...anomalies.map(({ type }) => type), ...(splice.missing > 0 ? [GAP] : [])])],
    }
  }

  /** The app got all of the answer, after a break. */
  recovered(code: FaultCode, action: AttemptAction): void {
    count(RECOVERY_METRIC.RECOVERED, { [GEN_AI.ERROR_TYPE]: code, [RECOVERY_ATTR.ACTION]: action })
  }

  /** The app gets an error. */
  gaveUp(code: FaultCode, reason: GiveUpReason): void {
    count(RECOVERY_METRIC.GIVEN_UP, { [GEN_AI.ERROR_TYPE]: code, [RECOVERY_ATTR.REASON]: reason })
  }
}
