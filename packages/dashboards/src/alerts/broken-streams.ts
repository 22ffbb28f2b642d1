import { FAULT_CODES } from '@streamgauge/core'
import { UID } from '../dashboards/uids.ts'
import type { Alert } from './alert.ts'
import { STATUSES } from './codes.ts'
import { countedAtLeast, RECORD } from './recording.ts'
import { OF_ROUTE, ROUTE_VARIABLES } from './texts.ts'

/** So many streams break, over both windows: the long one says that it matters, the short one that it has not stopped yet. */
interface Outage {
  readonly long: string
  readonly short: string
  readonly share: number
  /** Broken streams in the long window. */
  readonly atLeast: number
}

const OUTAGES: readonly Outage[] = [
  { long: '30m', short: '5m', share: 0.1, atLeast: 10 },
  // For those who have a handful of streams in an hour.
  { long: '6h', short: '2h', share: 0.5, atLeast: 5 },
]

export const BROKEN_STREAM_ALERTS: readonly Alert[] = [
  {
    name: 'StreamgaugeStreamsBreak',
    severity: 'critical',
    expr: () => OUTAGES.map(isOutage).join('\nor\n'),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of the streams break: ${OF_ROUTE}`,
    description: 'Streams break, by whatever fault; those that a deadline of the application ended are not counted.',
    dashboard: { uid: UID.FAILURES, variables: ROUTE_VARIABLES },
    runbook: {
      meaning:
        'For five minutes more than 10 % of the streams of the last half hour broke, at least 10; or more than half of those of the last six ' +
        'hours, at least 5. It goes on for as long as that is so, however usual it has become.',
      look: [
        'Failure patterns, "Faults by type and cause": an error that was told, an HTTP status, or an answer that was cut?',
        'The status page of the provider, and its limits: 429 and 529 are load, 401 and 403 a key.',
        'Failure patterns, "Faults by host": one host, or all of them?',
      ],
      faults: [...FAULT_CODES, ...STATUSES],
      anomalies: [],
      ends: 'Some minutes after streams have gone well again; after a handful of streams an hour, within two hours.',
    },
  },
]

function isOutage({ long, short, share, atLeast }: Outage): string {
  const ratio = (window: string): string =>
    `sum_over_time(${RECORD.BROKEN}[${window}]) / (sum_over_time(${RECORD.STREAMS}[${window}]) > 0)`
  return [
    `(${ratio(long)} > ${share}`,
    `and ${ratio(short)} > ${share}`,
    `and ${countedAtLeast(atLeast, RECORD.BROKEN, long)})`,
  ].join('\n  ')
}
