import { UID } from '../dashboards/uids.ts'
import type { Alert } from './alert.ts'
import { UNPARSED } from './codes.ts'
import { countedAtLeast, FAST_BURN, RECORD } from './recording.ts'
import { OF_ROUTE, ROUTE_VARIABLES } from './texts.ts'

/** Two windows that must both burn: the long one says that it matters, the short one that it has not stopped yet. */
interface Burn {
  readonly long: string
  readonly short: string
  /** How many times faster than would use up the budget in exactly 30 days. */
  readonly factor: number
}

/** SRE Workbook, "Alerting on SLOs", table 5-8: 2 % of the budget in an hour, 5 % in six, 10 % in a day or in three. */
const FAST: readonly Burn[] = [
  { long: '1h', short: '5m', factor: FAST_BURN },
  { long: '6h', short: '30m', factor: 6 },
]
const SLOW: readonly Burn[] = [
  { long: '1d', short: '2h', factor: 3 },
  { long: '3d', short: '6h', factor: 1 },
]

/** One bad stream among twenty is 50 times the budget, and tells nothing: below this many in the long window nobody is told. */
const MIN_STREAMS = 100
const MIN_ERRORS = 5

const ENDS =
  'When a short window is below its limit again: about ten minutes after the last parse error where only the hour was bad, half an ' +
  `hour where the last six hours were; sooner where many streams go well. The objective stands in one place, as the rule \`${RECORD.BUDGET}\`.`

export const PARSE_ERROR_ALERTS: readonly Alert[] = [
  {
    name: 'StreamgaugeParseErrorsFast',
    severity: 'critical',
    expr: () => burns(FAST),
    summary: `Chunks of {{ $value | humanizePercentage }} of the streams could not be parsed: ${OF_ROUTE}`,
    description:
      'The parse-error rate uses up the budget of a month within two to five days. Answers are cut or garbled right now.',
    dashboard: { uid: UID.FAILURES, variables: ROUTE_VARIABLES },
    runbook: {
      meaning:
        'So many streams have a chunk that cannot be parsed that the budget of 30 days would be gone within five. It takes two ' +
        `windows (an hour and 5 minutes, or 6 hours and 30 minutes), at least ${MIN_STREAMS} streams and ${MIN_ERRORS} parse errors.`,
      look: [
        'Failure patterns, "Faults by type and cause": which code is it?',
        'Failure patterns, "Newest broken streams": the raw chunk shows where it broke. Open one trace.',
        'Failure patterns, "Faults by host": one host only means a hop in front of it, or that provider; all hosts mean your own side.',
        'Did anybody deploy a gateway, a proxy or a new version of an inference server?',
      ],
      faults: UNPARSED,
      anomalies: [],
      ends: ENDS,
    },
  },
  {
    name: 'StreamgaugeParseErrorsSlow',
    severity: 'warning',
    expr: () => burns(SLOW),
    summary: `Chunks of {{ $value | humanizePercentage }} of the streams could not be parsed, for long: ${OF_ROUTE}`,
    description:
      'The parse-error rate uses up more than its budget, slowly. Nobody needs to wake up; somebody has to look.',
    dashboard: { uid: UID.FAILURES, variables: ROUTE_VARIABLES },
    runbook: {
      meaning:
        'The budget of 30 days is used up too soon, without any burst: over a day and 2 hours, or over three days and 6 hours. The same ' +
        `minimum holds, ${MIN_STREAMS} streams and ${MIN_ERRORS} parse errors.`,
      look: [
        'Failure patterns, "When": does it come at certain hours, such as those with the most load?',
        'Failure patterns, "Where in the stream it broke": always at the same bytes or chunk means a limit of some hop.',
        'Stream health, "By model, provider and host": which of them brings the most?',
      ],
      faults: UNPARSED,
      anomalies: [],
      ends: ENDS,
    },
  },
]

function burns(pairs: readonly Burn[]): string {
  return pairs.map(burn).join('\nor\n')
}

function burn({ long, short, factor }: Burn): string {
  const ratio = (window: string): string =>
    `sum_over_time(${RECORD.PARSE_ERRORS}[${window}]) / sum_over_time(${RECORD.STREAMS}[${window}])`
  const limit = `${factor} * scalar(${RECORD.BUDGET})`
  return [
    `(${ratio(long)} > ${limit}`,
    `and ${ratio(short)} > ${limit}`,
    `and ${countedAtLeast(MIN_STREAMS, RECORD.STREAMS, long)}`,
    `and ${countedAtLeast(MIN_ERRORS, RECORD.PARSE_ERRORS, long)})`,
  ].join('\n  ')
}
