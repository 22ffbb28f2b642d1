import { METRIC } from '@streamgauge/core/semconv'
import { expressions, growth, isOneOf, sumBy } from '../promql/expressions.ts'
import { LABEL, ROUTE } from '../promql/labels.ts'
import type { Door } from '../promql/names.ts'
import { UNANSWERED } from './codes.ts'

/** A rule of Prometheus that keeps the result of an expression as a series. */
export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

/** Share of the streams that may have a parse error: an objective of 99.9 %. */
export const PARSE_ERROR_BUDGET = 0.001

/** How many times faster than its objective the parse-error rate may be, until somebody is woken up. */
export const FAST_BURN = 14.4

/** What is recorded is the growth of this long, in minutes. */
const RECORDED_MIN = 5
const RECORDED = `${RECORDED_MIN}m`

/** How often rules are evaluated: a window of recorded growth counts all of it `RECORDED_MIN` times over. */
export const EVALUATED_EVERY = '1m'

/** The recorded series that alerts read. */
export const RECORD = {
  BUDGET: 'streamgauge:parse_error:budget',
  STREAMS: 'streamgauge:streams:growth5m',
  PARSE_ERRORS: 'streamgauge:parse_errors:growth5m',
  FAULTS: 'streamgauge:faults:growth5m',
  ANOMALIES: 'streamgauge:anomalies:growth5m',
  BROKEN: 'streamgauge:broken_streams:growth5m',
  ANSWERS: 'streamgauge:answers:growth5m',
  FAULT_RATIO_NOW: 'streamgauge:fault:ratio10m',
  FAULT_RATIO_BEFORE: 'streamgauge:fault:ratio1d_before',
} as const

/**
 * Growth is recorded per minute and added up: `increase()` over hours would lose what a series was born with, and would read
 * every sample of every process again for each alert.
 */
export function recordingRules(door: Door): readonly RecordingRule[] {
  const { judged, select } = expressions(door)
  const byFault = [...ROUTE, LABEL.FAULT]
  const perStream = (window: string, offset = ''): string =>
    `${sumBy(byFault, `sum_over_time(${RECORD.FAULTS}[${window}]${offset})`)} / on (${ROUTE.join(', ')}) group_left () ` +
    `(sum_over_time(${RECORD.STREAMS}[${window}]${offset}) > 0)`
  return [
    { record: RECORD.BUDGET, expr: `vector(${PARSE_ERROR_BUDGET})` },
    { record: RECORD.STREAMS, expr: sumBy(ROUTE, growth(judged(), RECORDED)) },
    { record: RECORD.PARSE_ERRORS, expr: sumBy(ROUTE, growth(select(METRIC.PARSE_ERRORS), RECORDED)) },
    { record: RECORD.FAULTS, expr: sumBy([...byFault, LABEL.CAUSE], growth(select(METRIC.FAULTS), RECORDED)) },
    { record: RECORD.ANOMALIES, expr: sumBy([...ROUTE, LABEL.ANOMALY], growth(select(METRIC.ANOMALIES), RECORDED)) },
    { record: RECORD.BROKEN, expr: sumBy(ROUTE, `${RECORD.FAULTS}{${LABEL.FAULT}!="client_timeout"}`) },
    // Where there is no fault to be taken away, there is no series of it.
    {
      record: RECORD.ANSWERS,
      expr: `${RECORD.STREAMS} - (${sumBy(ROUTE, `${RECORD.FAULTS}{${isOneOf(LABEL.FAULT, UNANSWERED)}}`)} or 0 * ${RECORD.STREAMS})`,
    },
    { record: RECORD.FAULT_RATIO_NOW, expr: perStream('10m') },
    { record: RECORD.FAULT_RATIO_BEFORE, expr: perStream('1d', ' offset 10m') },
  ]
}

/**
 * Whether a recorded series counted so many within a window; or in the last minutes alone, since what was recorded once is a
 * part of what happened.
 *
 * @param group what to do with each of both, such as a sum
 */
export function countedAtLeast(
  count: number,
  record: string,
  window: string,
  group: (expression: string) => string = (expression) => expression,
): string {
  const inWindow = group(`sum_over_time(${record}[${window}])`)
  return `(${inWindow} / ${RECORDED_MIN} >= ${count} or ${group(record)} >= ${count})`
}

/** Whether there were so many streams before, so that one can say what is usual. */
export function countedBefore(
  count: number,
  window: string,
  offset: string,
  group: (expression: string) => string = (expression) => expression,
): string {
  return `${group(`sum_over_time(${RECORD.STREAMS}[${window}] offset ${offset})`)} / ${RECORDED_MIN} >= ${count}`
}
