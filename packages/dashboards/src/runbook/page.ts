import { ALERTS } from '../alerts/index.ts'
import { runbookParagraph } from './paragraph.ts'

/** The runbook as a page, for those who read it in the repository. */
export function runbookPage(): string {
  const head =
    '# Runbook\n\nWhat to do when one of the alerts fires. Generated from the alerts and from the fault catalogue; in Grafana it is the ' +
    'dashboard "Streamgauge: runbook", to which every alert links.\n'
  return [head, ...ALERTS.map((alert) => `## ${alert.name}\n\n${runbookParagraph(alert)}\n`)].join('\n')
}
