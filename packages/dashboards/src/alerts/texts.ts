import { LABEL } from '../promql/labels.ts'

const label = (name: string): string => `{{ $labels.${name} }}`

/** Which streams an alert is about; templated by Prometheus. */
export const OF_ROUTE: string = `${label(LABEL.MODEL)} at ${label(LABEL.HOST)} (${label(LABEL.PROVIDER)}), asked by ${label(LABEL.JOB)}`

/** Variables of a dashboard, and the labels that they are taken from. */
export const ROUTE_VARIABLES: Readonly<Record<string, string>> = {
  job: LABEL.JOB,
  provider: LABEL.PROVIDER,
  model: LABEL.MODEL,
  host: LABEL.HOST,
}
