import { stringify } from 'yaml'
import type { Door } from '../promql/names.ts'
import type { Alert } from './alert.ts'
import { ALERTS } from './index.ts'
import { EVALUATED_EVERY, recordingRules } from './recording.ts'
import { dashboardUrl, runbookUrl } from './urls.ts'

/** The groups of a rule file of Prometheus; a PrometheusRule has the same as its `spec`. */
export function ruleGroups(door: Door): { groups: readonly object[] } {
  // One group, since its rules are evaluated in order: alerts see what was recorded in the same minute.
  return {
    groups: [
      {
        name: 'streamgauge',
        interval: EVALUATED_EVERY,
        // What was told until then has arrived: rules never look back at what comes late.
        query_offset: '30s',
        rules: [...recordingRules(door), ...ALERTS.map((alert) => toRule(alert, door))],
      },
    ],
  }
}

/** YAML with expressions as they are read: in lines. */
export function toYaml(document: unknown, comment: string): string {
  const lines = comment.split('\n').map((line) => `# ${line}\n`)
  return lines.join('') + stringify(document, { lineWidth: 0, blockQuote: 'literal' })
}

function toRule(alert: Alert, door: Door): object {
  const { name, severity, summary, description } = alert
  return {
    alert: name,
    expr: alert.expr(door),
    ...(alert.for === undefined ? {} : { for: alert.for }),
    labels: { severity },
    annotations: { summary, description, dashboard_url: dashboardUrl(alert), runbook_url: runbookUrl(alert) },
  }
}
