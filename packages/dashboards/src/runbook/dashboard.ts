import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as text from '@grafana/grafana-foundation-sdk/text'
import { ALERTS } from '../alerts/index.ts'
import { runbookPanel } from '../alerts/urls.ts'
import { finish } from '../dashboards/grafana.ts'
import { UID } from '../dashboards/uids.ts'
import { runbookParagraph } from './paragraph.ts'

/** The runbook as a dashboard, so that a link from an alert works without any other server. */
export function runbookDashboard(): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder('Streamgauge: runbook')
    .uid(UID.RUNBOOK)
    .description('What to do when one of the alerts fires.')
    .tags(['streamgauge'])
    .time({ from: 'now-6h', to: 'now' })
    .link(
      new dashboard.DashboardLinkBuilder('Streamgauge')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['streamgauge'])
        .keepTime(true),
    )
  for (const alert of ALERTS) {
    built.withPanel(
      new text.PanelBuilder()
        .id(runbookPanel(alert))
        .title(alert.name)
        .description(alert.description)
        .mode(text.TextMode.Markdown)
        .content(runbookParagraph(alert))
        .span(24)
        .height(12 + Math.min(14, alert.runbook.faults.length)),
    )
  }
  return finish(built.build())
}
