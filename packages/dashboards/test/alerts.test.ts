import { expect, it } from '@jest/globals'
import { ALERTS } from '../src/alerts/index.ts'
import { dashboardUrl, GRAFANA_URL, runbookPanel, runbookUrl } from '../src/alerts/urls.ts'
import { LABEL } from '../src/promql/labels.ts'
import { UID } from '../src/dashboards/uids.ts'
import { runbookPage } from '../src/runbook/page.ts'
import { runbookParagraph } from '../src/runbook/paragraph.ts'
import { readDashboards } from './read-dashboards.ts'

const BY_UID = new Map(readDashboards().map(([, dashboard]) => [dashboard.uid, dashboard]))

it.each(ALERTS.map((alert) => [alert.name, alert] as const))('%s names where, and links to what helps', (_, alert) => {
  expect(alert.summary).toContain(`$labels.${LABEL.JOB} `)
  // One is about a host, one about a whole service.
  const isOfService = alert.name === 'StreamgaugeNoTelemetry'
  expect(alert.summary.includes(`$labels.${LABEL.HOST} `)).toBe(!isOfService)
  expect(alert.summary.includes(`$labels.${LABEL.MODEL} `)).toBe(
    !isOfService && alert.name !== 'StreamgaugeHostBuffers',
  )

  const dashboard = BY_UID.get(alert.dashboard.uid)
  const variables = (dashboard?.templating.list ?? []).map(({ name }) => name)
  expect(variables).toEqual(expect.arrayContaining(Object.keys(alert.dashboard.variables)))
  expect(dashboardUrl(alert)).toMatch(new RegExp(`^${GRAFANA_URL}/d/${alert.dashboard.uid}\\?var-`))

  const runbook = BY_UID.get(UID.RUNBOOK)
  expect(runbookUrl(alert)).toBe(`${GRAFANA_URL}/d/${UID.RUNBOOK}?viewPanel=panel-${runbookPanel(alert)}`)
  expect(runbook?.panels.find(({ id }) => id === runbookPanel(alert))?.title).toBe(alert.name)
})

it.each(ALERTS.map((alert) => [alert.name, alert] as const))(
  'the paragraph of %s says what was seen, in which order to look, causes with their remedies, and when it ends',
  (name, alert) => {
    const paragraph = runbookParagraph(alert)
    expect(paragraph).toMatch(/^\*\*(critical|warning)\.\*\* .{40,}/)
    expect(paragraph).toContain('\n1. ')
    expect(paragraph).toMatch(/\*\*It ends\*\* [a-z].{20,}$/)
    for (const found of [...alert.runbook.faults, ...alert.runbook.anomalies]) {
      expect(paragraph).toMatch(new RegExp(`^\\| \`${found}\` \\| .+ \\| .+ \\| .+ \\|$`, 'm'))
    }
    // Panels that it sends somebody to are there.
    const titles = [...BY_UID.values()].flatMap(({ panels }) => panels.map(({ title }) => title))
    for (const [, title] of paragraph.matchAll(/(?:Failure patterns|Stream health|Self-check), "([^"]+)"/g)) {
      expect(titles).toContain(title)
    }
    expect(runbookPage()).toContain(`## ${name}\n\n${paragraph}`)
  },
)
