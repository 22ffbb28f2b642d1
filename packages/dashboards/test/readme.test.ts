import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { ALERTS } from '../src/alerts/index.ts'
import type { Alert } from '../src/alerts/alert.ts'
import { dashboardUrl, GRAFANA_URL, runbookUrl } from '../src/alerts/urls.ts'
import { INSTRUMENTS, type Metric } from '../src/promql/instruments.ts'
import { seriesName } from '../src/promql/names.ts'
import { formatTable, normalize, readSection } from './document-section.ts'

const PACKAGE = join(import.meta.dirname, '..')
const ROOT = join(PACKAGE, '../..')
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8')

/** What each variable of docker-compose.yml chooses. */
const VARIABLES: Readonly<Record<string, string>> = {
  GRAFANA_PORT: 'port of Grafana',
  OTLP_HTTP_PORT: 'port at which OTLP over HTTP is taken',
  OTLP_GRPC_PORT: 'port at which OTLP over gRPC is taken',
  PROMETHEUS_PORT: 'port of Prometheus',
  ALERTMANAGER_PORT: 'port of Alertmanager',
  TEMPO_PORT: 'port of Tempo',
  ALERT_WEBHOOK_URL_FILE: 'file with the address that alerts are sent to',
  GRAFANA_ANONYMOUS: 'whether Grafana takes in, as an editor, who does not log in',
  GRAFANA_ADMIN_PASSWORD: 'password of `admin` in Grafana, at its first start',
  PROMETHEUS_RETENTION: 'how long metrics are kept; traces: `tempo.yaml`',
  COLLECTOR_VERSION: 'version of the Collector, 0.153 or newer',
  TEMPO_VERSION: 'version of Tempo, 3 or newer',
  PROMETHEUS_VERSION: 'version of Prometheus, 3 or newer',
  ALERTMANAGER_VERSION: 'version of Alertmanager',
  GRAFANA_VERSION: 'version of Grafana',
  NODE_VERSION: 'major version of Node.js, for the demo and for what prints alerts',
  DEMO_STREAMS_PER_SECOND: 'how many streams the demo reads',
  DEMO_SEED: 'the demo reads the same streams for the same seed',
}

/** Where the alerts of the example come from. */
const EXAMPLE = {
  job: 'streamgauge-demo',
  gen_ai_provider_name: 'openai',
  gen_ai_request_model: 'gpt-5-mini',
  server_address: '127.0.0.1',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamgauge-readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('the table of the alerts says what each means', () => {
  const rows = ALERTS.map(({ name, severity, runbook }) => [
    `[\`${name}\`](docs/runbook.md#${name.toLowerCase()})`,
    severity,
    runbook.meaning,
  ])
  const wanted = formatTable(['alert', 'severity', 'fires when'], rows)
  expect(readSection('README.md', 'alerts', wanted)).toBe(normalize(wanted))
})

it('the table of names says what Prometheus calls each metric', () => {
  const rows = (Object.keys(INSTRUMENTS) as Metric[]).map((metric) => [
    `\`${metric}\``,
    `\`${seriesName(metric, 'otlp')}\``,
    `\`${seriesName(metric, 'scrape')}\``,
  ])
  const wanted = formatTable(['metric', 'by OTLP', 'scraped'], rows)
  expect(readSection('README.md', 'names', wanted)).toBe(normalize(wanted))
})

it('the table of variables has every variable of the compose file with its default', () => {
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').replaceAll(/^\s*#.*$/gm, '')
  const found = new Map(
    [...compose.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name = '', value = '']) => [name, value]),
  )
  expect([...found.keys()].toSorted()).toEqual(Object.keys(VARIABLES).toSorted())
  const rows = Object.entries(VARIABLES).map(([name, what]) => [`\`${name}\``, `\`${found.get(name)}\``, what])
  const wanted = formatTable(['variable', 'default', 'what'], rows)
  expect(readSection('README.md', 'variables', wanted)).toBe(normalize(wanted))
})

it('the printed alerts are what the receiver of the stack prints of them', async () => {
  const [alert] = ALERTS
  expect(alert).toBeDefined()
  const lines = await printAlerts([
    { ...toMessage(alert as Alert, '33.1%'), status: 'firing' },
    { ...toMessage(alert as Alert, '1.62%'), status: 'resolved' },
  ])
  const wanted = `\`\`\`text\n${lines.join('\n')}\n\`\`\``
  expect(readSection('README.md', 'alert-lines', wanted)).toBe(normalize(wanted))
})

it('the command that changes the address of Grafana changes all links of the rules', () => {
  const [, command = ''] = /^ *(sed -i .*)$/m.exec(README) ?? []
  copyFileSync(join(PACKAGE, 'stack/prometheus/rules/streamgauge.yml'), join(folder, 'streamgauge.yml'))
  execFileSync('sh', ['-c', command], { cwd: folder })
  const rules = readFileSync(join(folder, 'streamgauge.yml'), 'utf8')
  expect(rules).not.toContain(GRAFANA_URL)
  expect(rules.match(/https:\/\/grafana\.example\.com\/d\/streamgauge-/g)).toHaveLength(2 * ALERTS.length)
})

it('every command is one of the compose file, of package.json, or tried by another test', () => {
  const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
    services: Record<string, { profiles?: string[] }>
  }
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(services['app']?.profiles).toEqual(['demo'])
  const blocks = [...README.matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text.trim())
  expect(blocks).toEqual([
    'docker compose --profile demo up',
    'docker compose logs --follow alerts',
    'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --import @streamgauge/instrumentation-openai/register app.mjs',
    expect.stringMatching(/^sed -i /),
  ])
  expect(services).toHaveProperty('alerts')
  for (const [, script = ''] of README.matchAll(/`(?:\w+=\S+ )?pnpm\s+([\w:]+)[^`]*`/g))
    expect(scripts).toHaveProperty(script)
})

it('every file that is linked is there', () => {
  for (const page of ['README.md', 'docs/runbook.md', 'docs/sizing.md', 'docs/results.md', 'stack/scale/README.md']) {
    const text = readFileSync(join(PACKAGE, page), 'utf8')
    for (const [, path = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect([page, path, existsSync(join(PACKAGE, page, '..', path))]).toEqual([page, path, true])
    }
  }
})

/** An alert as Alertmanager sends it: its templates filled in. */
function toMessage(alert: Alert, value: string): object {
  const fill = (text: string): string =>
    text
      .replaceAll('{{ $value | humanizePercentage }}', value)
      .replaceAll(/\{\{ \$labels\.(\w+)(?: \| urlquery)? \}\}/g, (_, name: keyof typeof EXAMPLE) => EXAMPLE[name])
  return {
    labels: { ...EXAMPLE, alertname: alert.name, severity: alert.severity },
    annotations: {
      summary: fill(alert.summary),
      dashboard_url: fill(dashboardUrl(alert)),
      runbook_url: runbookUrl(alert),
    },
  }
}

async function printAlerts(alerts: readonly object[]): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(PACKAGE, 'stack/alerts/print-alerts.mjs')], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<string> => String((await lines.next()).value)
    const [address] = /127\.0\.0\.1:\d+/.exec(await next()) ?? []
    await fetch(`http://${address}`, { method: 'POST', body: JSON.stringify({ version: '4', alerts }) })
    const printed: string[] = []
    // Each with two links.
    while (printed.length < 3 * alerts.length) printed.push(await next())
    return printed
  } finally {
    child.kill()
  }
}
