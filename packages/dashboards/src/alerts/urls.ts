import { UID } from '../dashboards/uids.ts'
import type { Alert } from './alert.ts'
import { ALERTS } from './index.ts'

/** Where the compose file has Grafana; with another one, replace it in the rule file. */
export const GRAFANA_URL = 'http://localhost:3000'

/** The alert's dashboard, with the labels of the alert chosen; templated by Prometheus. */
export function dashboardUrl({ dashboard: { uid, variables } }: Alert): string {
  const chosen = Object.entries(variables).map(([name, label]) => `var-${name}={{ $labels.${label} | urlquery }}`)
  return `${GRAFANA_URL}/d/${uid}?${chosen.join('&')}`
}

/** The alert's paragraph in the runbook, which is a dashboard as well. */
export function runbookUrl(alert: Alert): string {
  return `${GRAFANA_URL}/d/${UID.RUNBOOK}?viewPanel=panel-${runbookPanel(alert)}`
}

/** The id of the panel that an alert has in the runbook. */
export function runbookPanel(alert: Alert): number {
  return ALERTS.indexOf(alert) + 1
}
