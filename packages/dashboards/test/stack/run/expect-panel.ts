import { expect } from '@jest/globals'
import type { DashboardJson } from '../../read-dashboards.ts'
import { EXPECTED_PANELS } from '../expected-panels.ts'
import { until } from './poll.ts'
import { asGrafanaSends, query, type Sample } from './prometheus.ts'

/** All that the tests send lies within it. */
const RANGE = '30m'
/** Prometheus writes ALERTS from the third evaluation on, when it knows which alerts were there before it was started. */
const LIMIT_MS = 200_000

/** A query of a panel: the panel's title, which of its queries, and its PromQL. */
export type PanelQuery = readonly [title: string, refId: string, expression: string]

/** All queries of a dashboard that go to Prometheus. */
export function promQueries(dashboard: DashboardJson): readonly PanelQuery[] {
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.flatMap(({ expr, refId }) => (expr === undefined ? [] : [[title, refId, expr] as const])),
  )
}

/** Sends a query as Grafana does, and compares each series of the answer with what the scenario says. */
export async function expectPanel(
  prometheusUrl: string,
  [title, refId, expression]: PanelQuery,
): Promise<readonly Sample[]> {
  const expected = EXPECTED_PANELS[title]?.[refId]
  const samples = await until(`${title} ${refId}`, LIMIT_MS, async () => {
    const found = await query(prometheusUrl, asGrafanaSends(expression, RANGE))
    return found.length === 0 ? undefined : found
  })
  if (typeof expected === 'string') {
    const least = expected === 'above 0' ? Number.MIN_VALUE : 0
    for (const { value } of samples) expect(value).toBeGreaterThanOrEqual(least)
    return samples
  }
  const values = samples.map(
    ({ labels: { __name__, ...labels }, value }) => [inAnyOrder(Object.values(labels)), value] as const,
  )
  const wanted = Object.entries(expected ?? {}).map(
    ([key, value]) => [inAnyOrder(key.split(' ')), expect.closeTo(value, 9)] as const,
  )
  expect(Object.fromEntries(values)).toEqual(Object.fromEntries(wanted))
  return samples
}

/** Labels come in the order of their names, which is none that a reader would write. */
function inAnyOrder(values: readonly string[]): string {
  return values.toSorted().join(' ')
}
