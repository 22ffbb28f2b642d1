import { FAULT_CODES } from '@streamgauge/core'
import { ATTR, METRIC } from '@streamgauge/core/semconv'
import { UID } from '../dashboards/uids.ts'
import { expressions, isOneOf, sumBy } from '../promql/expressions.ts'
import { LABEL, ROUTE } from '../promql/labels.ts'
import type { Alert } from './alert.ts'
import { CUT, STATUSES } from './codes.ts'
import { countedAtLeast, countedBefore, RECORD } from './recording.ts'
import { HOST, OF_ROUTE, ROUTE_VARIABLES, SERVICE } from './texts.ts'

/** Fewer than this in its window are too few for an alert, whatever their share. */
const MIN_FOUND = 5

/** A fault has risen where its share is this many times that of the day before, and at least this much. */
const RISE = { factor: 5, minShare: 0.02 }
const MAX_CUT_SHARE = 0.01
const MAX_STALLED_SHARE = 0.02
const BUFFERED = { minShare: 0.2, usualShare: 0.1 }

/** So many streams of the day before are enough to say what is usual. */
const MIN_BEFORE = 100

export const PATTERN_ALERTS: readonly Alert[] = [
  {
    name: 'StreamgaugeFaultRise',
    severity: 'warning',
    expr: () => {
      const now = RECORD.FAULT_RATIO_NOW
      const byFault = (of: string): string => sumBy([...ROUTE, LABEL.FAULT], of)
      return [
        `(${now} > ${RISE.minShare} and ${countedAtLeast(MIN_FOUND, RECORD.FAULTS, '10m', byFault)}`,
        `  and on (${ROUTE.join(', ')}) ${countedBefore(MIN_BEFORE, '1d', '10m')})`,
        `unless ${now} <= ${RISE.factor} * ${RECORD.FAULT_RATIO_BEFORE}`,
      ].join('\n')
    },
    summary: `{{ $labels.${LABEL.FAULT} }} breaks {{ $value | humanizePercentage }} of the streams, suddenly: ${OF_ROUTE}`,
    description: `One type of fault breaks more than ${RISE.factor} times as many streams as in the day before.`,
    dashboard: { uid: UID.FAILURES, variables: { ...ROUTE_VARIABLES, fault: LABEL.FAULT } },
    runbook: {
      meaning:
        `In the last ten minutes one type of fault broke at least ${MIN_FOUND} streams and ${RISE.minShare * 100} % of them: more than ` +
        `${RISE.factor} times its share of the day before, which had at least ${MIN_BEFORE} streams. Something changed.`,
      look: [
        'Failure patterns, with the fault chosen: when did it begin, and on which hosts and models?',
        'What was deployed or configured at that minute, by you or by the provider (its status page)?',
        'Failure patterns, "Hops": does one proxy stand in all of them?',
      ],
      faults: [...FAULT_CODES, ...STATUSES],
      anomalies: [],
      ends: 'When the share is back, or when it has lasted for long enough to be what is usual: at the latest after some hours. Where many streams break, StreamgaugeStreamsBreak goes on telling.',
    },
  },
  {
    name: 'StreamgaugeAnswersCut',
    severity: 'critical',
    expr: () => shareAbove(MAX_CUT_SHARE, `${RECORD.FAULTS}{${isOneOf(LABEL.FAULT, CUT)}}`, '30m', RECORD.ANSWERS),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of the answers were cut: ${OF_ROUTE}`,
    description: 'Answers stop in the middle. Users see half of them, and status 200.',
    dashboard: { uid: UID.FAILURES, variables: ROUTE_VARIABLES },
    runbook: {
      meaning:
        `For five minutes more than ${MAX_CUT_SHARE * 100} % of the answers of the last half hour, at least ${MIN_FOUND}, stopped before ` +
        'their end, without an error that somebody told and without a timer of yours. Requests that got no answer at all, such as a 429, ' +
        'are not counted.',
      look: [
        'Failure patterns, "Faults by type and cause": a clean end, a closed connection or a reset?',
        'Failure patterns, "Where in the stream it broke": always after the same time or bytes means a limit of a hop.',
        'Failure patterns, "Hops": which proxies stood in between? Compare with a call that goes around them.',
      ],
      faults: CUT,
      anomalies: [],
      ends: 'Half an hour after the last cut answer, or sooner where many go well.',
    },
  },
  {
    name: 'StreamgaugeStreamsStalled',
    severity: 'warning',
    expr: () => shareAbove(MAX_STALLED_SHARE, `${RECORD.ANOMALIES}{${isOneOf(LABEL.ANOMALY, ['stalled'])}}`, '30m'),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of the streams stalled: ${OF_ROUTE}`,
    description: 'Streams fall silent for longer than the threshold while the application waits.',
    dashboard: { uid: UID.HEALTH, variables: ROUTE_VARIABLES },
    runbook: {
      meaning:
        `For five minutes more than ${MAX_STALLED_SHARE * 100} % of the streams of the last half hour, at least ${MIN_FOUND}, were silent for ` +
        'longer than `stallThresholdMs` while their consumer waited. They may have gone on afterwards.',
      look: [
        'Stream health, "Longest gap": how long are the silences?',
        'Is it one model? Models that reason are silent for long, which is no fault: raise the threshold for that service.',
        'Failure patterns, "Stalled and buffered streams": open a trace, and see at which chunk it fell silent.',
      ],
      faults: ['body_timeout', 'client_timeout'],
      anomalies: ['stalled'],
      ends: 'Half an hour after the last stalled stream, or sooner where many go well.',
    },
  },
  {
    name: 'StreamgaugeHostBuffers',
    severity: 'warning',
    expr: () => {
      const by = [LABEL.JOB, LABEL.ENVIRONMENT, LABEL.PROVIDER, LABEL.HOST]
      const buffered = `${RECORD.ANOMALIES}{${isOneOf(LABEL.ANOMALY, ['buffered'])}}`
      const share = (window: string, offset = ''): string =>
        `${sumBy(by, `sum_over_time(${buffered}[${window}]${offset})`)} / (${sumBy(by, `sum_over_time(${RECORD.STREAMS}[${window}]${offset})`)} > 0)`
      return [
        `(${share('15m')} > ${BUFFERED.minShare}`,
        `  and ${countedAtLeast(MIN_FOUND, buffered, '15m', (of) => sumBy(by, of))}`,
        `  and ${countedBefore(MIN_BEFORE, '1d', '15m', (of) => sumBy(by, of))})`,
        `unless ${share('1d', ' offset 15m')} > ${BUFFERED.usualShare}`,
      ].join('\n')
    },
    for: '2m',
    summary: `{{ $value | humanizePercentage }} of the answers come late and at once: ${HOST}, asked by ${SERVICE}`,
    description:
      'Answers from this host are buffered, which they were not a day ago: a proxy in front of it was changed.',
    dashboard: {
      uid: UID.FAILURES,
      variables: { job: LABEL.JOB, environment: LABEL.ENVIRONMENT, provider: LABEL.PROVIDER, host: LABEL.HOST },
    },
    runbook: {
      meaning:
        `More than ${BUFFERED.minShare * 100} % of the answers of a host, at least ${MIN_FOUND} in a quarter of an hour, came late and at once, ` +
        `where it was at most ${BUFFERED.usualShare * 100} % of at least ${MIN_BEFORE} in the day before. Some hop collects the answer before it hands it on.`,
      look: [
        'Failure patterns, "Hops": which proxy is new?',
        `Failure patterns, "Stalled and buffered streams": \`${ATTR.HTTP_CONTENT_ENCODING}\` of a trace. Compressed answers are the usual reason.`,
        'Call the host around the proxy, with `curl -N`: does it come piece by piece?',
      ],
      faults: [],
      anomalies: ['buffered', 'coalesced'],
      ends: 'When answers come piece by piece again. A host that goes on buffering is what is usual after some hours, and no longer told.',
    },
  },
  {
    name: 'StreamgaugeNoTelemetry',
    severity: 'warning',
    expr: (door) => {
      const watched = expressions(door).select(METRIC.WATCHED)
      const processes = (window: string): string => `count by (${LABEL.JOB}) (last_over_time(${watched}[${window}]))`
      return `${processes('1d')} unless ${processes('15m')}`
    },
    for: '5m',
    summary: `No telemetry for 20 minutes from {{ or $labels.${LABEL.JOB} "unknown" }}`,
    description:
      'Nothing at all came from this service for 20 minutes, where something came within the last day: its streams are not watched.',
    dashboard: { uid: UID.SELF_CHECK, variables: { job: LABEL.JOB } },
    runbook: {
      meaning:
        'Every process that watches openai says so with each export, also while it has no streams. For 20 minutes no process of this ' +
        'service has, though one had within the last day. All other alerts are blind for it.',
      look: [
        'Does the service run, and was it meant to stop? A job that runs once a day is silent most of the time: silence this alert for it.',
        'Self-check, "Last sign of life": one service only, or all of them? All of them point to the Collector or to Prometheus.',
        'The first lines of the log of the service: `StreamgaugeWarning` says when openai is loaded and not watched.',
        '`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_METRICS_EXPORTER` and `OTEL_SDK_DISABLED` of the service.',
      ],
      faults: [],
      anomalies: [],
      ends: 'With the next export; or a day after the last one, which is no sign of life: then it has given up.',
    },
  },
]

/** Streams of which something was found, where they are too many and not only a handful. */
function shareAbove(limit: number, found: string, window: string, of: string = RECORD.STREAMS): string {
  const foundBy = (expression: string): string => sumBy(ROUTE, expression)
  return [
    `${foundBy(`sum_over_time(${found}[${window}])`)} / (sum_over_time(${of}[${window}]) > 0) > ${limit}`,
    `and ${countedAtLeast(MIN_FOUND, found, window, foundBy)}`,
  ].join('\n')
}
