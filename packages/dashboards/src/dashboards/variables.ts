import { GEN_AI, METRIC } from '@streamgauge/core/semconv'
import { LABEL } from '../promql/labels.ts'
import { seriesName, type Door } from '../promql/names.ts'
import type { Variable } from './panel.ts'

const CHOICES = [
  ['job', 'Service', LABEL.JOB],
  ['environment', 'Environment', LABEL.ENVIRONMENT],
  ['provider', 'Provider', LABEL.PROVIDER],
  ['model', 'Model', LABEL.MODEL],
  ['host', 'Host', LABEL.HOST],
] as const

/** What can be chosen on every dashboard about streams: each offers what is left by those before it. */
export function routeVariables(door: Door): Record<string, Variable> {
  const ended = seriesName(METRIC.ENDED, door)
  return Object.fromEntries(
    CHOICES.map(([name, label, of], i) => {
      const before = CHOICES.slice(0, i).map((choice) => `${choice[2]}=~"$${choice[0]}"`)
      const selector = before.length === 0 ? ended : `${ended}{${before.join(', ')}}`
      return [name, { label, query: `label_values(${selector}, ${of})` }]
    }),
  )
}

/** Matchers for what was chosen. */
export const CHOSEN: readonly string[] = CHOICES.map(([name, , label]) => `${label}=~"$${name}"`)

/**
 * The same in TraceQL, without the service and its environment: a span's service has another name there. A request may name no
 * model, such as that for a response which was made before.
 */
export const CHOSEN_SPANS: string = [
  `(${isOneOfChosen(GEN_AI.REQUEST_MODEL, 'model')} || span.${GEN_AI.REQUEST_MODEL} = nil)`,
  isOneOfChosen(GEN_AI.PROVIDER_NAME, 'provider'),
  isOneOfChosen(GEN_AI.SERVER_ADDRESS, 'host'),
].join(' && ')

/** Backticks, since between double quotes TraceQL takes no backslash of a regular expression. */
export function isOneOfChosen(attribute: string, variable: string): string {
  return `span.${attribute} =~ \`\${${variable}:regex}\``
}
