import { LABEL } from '../promql/labels.ts'

/** A label, or what to say where there is none. */
const label = (name: string, otherwise = 'unknown'): string => `{{ or $labels.${name} "${otherwise}" }}`

/** The service that an alert is about, with its environment where that is known. */
export const SERVICE: string = `${label(LABEL.JOB)}{{ with $labels.${LABEL.ENVIRONMENT} }} in {{ . }}{{ end }}`

/** The host that an alert is about, and whose it is. */
export const HOST: string = `${label(LABEL.HOST)} (${label(LABEL.PROVIDER)})`

/** Which streams an alert is about; templated by Prometheus. */
export const OF_ROUTE: string = `${label(LABEL.MODEL, 'no model')} at ${HOST}, asked by ${SERVICE}`

/** Variables of a dashboard, and the labels that they are taken from. */
export const ROUTE_VARIABLES: Readonly<Record<string, string>> = {
  job: LABEL.JOB,
  environment: LABEL.ENVIRONMENT,
  provider: LABEL.PROVIDER,
  model: LABEL.MODEL,
  host: LABEL.HOST,
}
