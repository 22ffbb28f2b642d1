import { ruleGroups, toYaml } from './alerts/rule-file.ts'
import { failurePatterns } from './dashboards/failure-patterns.ts'
import { toGrafana } from './dashboards/grafana.ts'
import type { Dashboard } from './dashboards/panel.ts'
import { selfCheck } from './dashboards/self-check.ts'
import { streamHealth } from './dashboards/stream-health.ts'
import type { Door } from './promql/names.ts'
import { TIERS, valuesPath, valuesWithConfig } from './scale-values.ts'
import { runbookDashboard } from './runbook/dashboard.ts'
import { runbookPage } from './runbook/page.ts'

const DASHBOARDS: readonly ((door: Door) => Dashboard)[] = [streamHealth, failurePatterns, selfCheck]

const GENERATED = 'Generated from packages/dashboards/src by `pnpm generate`: change it there.'
const SCRAPED =
  'For metrics that Prometheus scrapes from @opentelemetry/exporter-prometheus, which names them without units.'

/** Everything that is made of the sources here and committed, by its path in this package. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const ofStack = [
    ...dashboardFiles('otlp', 'stack/grafana/dashboards'),
    ['stack/grafana/dashboards/streamgauge-runbook.json', toJson(runbookDashboard())],
    ['stack/prometheus/rules/streamgauge.yml', toYaml(ruleGroups('otlp'), GENERATED)],
    ['stack/scale/prometheus-rule.yaml', toYaml(prometheusRule(), GENERATED)],
    ...TIERS.map((tier) => [`stack/${valuesPath(tier)}`, valuesWithConfig(tier)] as const),
  ] as const
  const ofScraping = [
    ...dashboardFiles('scrape', 'stack/scraped/dashboards'),
    ['stack/scraped/rules/streamgauge.yml', toYaml(ruleGroups('scrape'), `${GENERATED}\n${SCRAPED}`)],
  ] as const
  return new Map([...ofStack, ...ofScraping, ['docs/runbook.md', runbookPage()] as const])
}

function dashboardFiles(door: Door, folder: string): (readonly [path: string, text: string])[] {
  return DASHBOARDS.map((make) => {
    const dashboard = make(door)
    return [`${folder}/${dashboard.uid}.json`, toJson(toGrafana(dashboard))] as const
  })
}

/** What the Prometheus operator reads; kube-prometheus-stack looks for the label of its release. */
function prometheusRule(): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'streamgauge', labels: { release: 'kube-prometheus-stack' } },
    spec: ruleGroups('otlp'),
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
