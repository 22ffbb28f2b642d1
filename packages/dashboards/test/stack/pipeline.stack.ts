import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ATTR, EVENT, GEN_AI } from '@streamgauge/core/semconv'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { readDashboards } from '../read-dashboards.ts'
import { isBuilt, PROGRAMS, type ProgramName } from './programs/programs.ts'
import { composeVersion } from './run/compose-command.ts'
import { expectPanel, promQueries } from './run/expect-panel.ts'
import { until } from './run/poll.ts'
import { asGrafanaSends, query } from './run/prometheus.ts'
import { outdatedRows, type PanelResult } from './run/results-table.ts'
import { runApp, type RunningApp } from './run/run-app.ts'
import { startStack, type Stack } from './run/start-stack.ts'
import type { ToldAlert } from './run/webhook.ts'
import { count, countBy, FAILING_LABELS, RECOVERY, SCENARIO, TELLS_FAST } from './scenario.ts'

const NAMES = ['collector', 'prometheus', 'alertmanager'] as const satisfies readonly ProgramName[]
const withStack = NAMES.every(isBuilt) ? describe : describe.skip

/** Rules are evaluated once a minute, and Alertmanager collects for a quarter of one. */
const ALERT_LIMIT_MS = 150_000
const START_LIMIT_MS = 120_000
/** There are none, as it should be. */
const WITHOUT_INSTANCES = 'Services without instances'

/** Of programs that this stack does not have; what they ask for is looked at where those run. */
const ELSEWHERE = ['Tail sampling', 'Spans that Tempo refused', WITHOUT_INSTANCES]

/** Prometheus writes what it asks for from the third evaluation on: looked at last. */
const ALERTS = 'Alerts that fire'

const PANEL_LIMIT_MS = 210_000

it.each(NAMES)('the %s that runs here is of the version that docker-compose.yml takes', (name) => {
  expect(composeVersion(name)).toBe(PROGRAMS[name].version)
})

withStack('from the application to the webhook, with the files that are shipped', () => {
  let server: FaultServer
  let stack: Stack
  const apps: RunningApp[] = []
  const results: PanelResult[] = []

  const ask = (expression: string) => query(stack.prometheusUrl, expression)
  const run = async (plan: Parameters<typeof runApp>[0], env: Readonly<Record<string, string>> = {}): Promise<void> => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: stack.otlpUrl, FAULT_SERVER_PORT: new URL(server.baseURL).port }
    apps.push(await runApp(plan, { ...TELLS_FAST, ...endpoint, ...env }))
  }
  const told = (name: string, status: ToldAlert['status']): Promise<ToldAlert> =>
    until(
      `${name} ${status} at the webhook`,
      ALERT_LIMIT_MS,
      () =>
        Promise.resolve(stack.webhook.told.find((one) => one.labels['alertname'] === name && one.status === status)),
      () => stack.webhook.told.map(({ status: seen, labels }) => `${labels['alertname']} ${seen}`),
    )

  beforeAll(async () => {
    server = await startFaultServer()
    stack = await startStack()
    await run(SCENARIO)
  }, START_LIMIT_MS)

  afterAll(async () => {
    for (const app of apps) await app.stop()
    await stack?.stop()
    await server?.close()
  }, START_LIMIT_MS)

  it('Prometheus has the exact number of each outcome, fault, parse error and anomaly', async () => {
    await until('all streams', 30_000, async () => {
      const [all] = await ask('sum(streamgauge_stream_ended_total)')
      return all?.value === count() ? all : undefined
    })
    const by = async (metric: string, label: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await ask(`sum by (${label}) (${metric}) > 0`)).map(({ labels, value }) => [labels[label] ?? '', value]),
      )
    expect({
      outcomes: await by('streamgauge_stream_ended_total', 'streamgauge_stream_outcome'),
      faults: await by('streamgauge_stream_faults_total', 'error_type'),
      causes: await by('streamgauge_stream_faults_total', 'streamgauge_cause'),
      parseErrors: await by('streamgauge_stream_parse_errors_total', 'error_type'),
      anomalies: await by('streamgauge_stream_anomalies_total', 'streamgauge_anomaly_type'),
    }).toEqual({
      outcomes: countBy(({ outcome }) => outcome),
      faults: countBy(({ errorType }) => errorType),
      causes: countBy(({ cause }) => cause),
      parseErrors: countBy(({ errorType, isParseError }) => (isParseError === true ? errorType : undefined)),
      anomalies: countBy(({ anomaly }) => anomaly),
    })
  }, 60_000)

  it('every stream arrives behind the Collector as one span, a broken one with its fault, chunk and remedy', async () => {
    const requests = () => stack.traces.spans.filter(({ name }) => name.startsWith('chat '))
    await until('all spans', 30_000, () => Promise.resolve(requests().length >= count() ? true : undefined))
    expect(requests()).toHaveLength(count())
    const broken = requests().filter(({ attributes }) => attributes[ATTR.OUTCOME] === 'broken')
    const found: Record<string, number> = {}
    for (const { attributes } of broken) {
      const type = String(attributes[GEN_AI.ERROR_TYPE])
      found[type] = (found[type] ?? 0) + 1
      expect(attributes[ATTR.REMEDY]).toMatch(/.{20,}/)
      const hasChunk = ['truncated_event', 'malformed_event', 'connection_reset', 'upstream_error'].includes(type)
      if (hasChunk) expect(attributes[ATTR.CHUNK_RAW]).toMatch(/^data: /)
    }
    expect(found).toEqual(countBy(({ errorType }) => errorType))
    expect(stack.traces.spans.some(({ name }) => name === EVENT.CHUNK_SPAN)).toBe(true)
  }, 60_000)

  it(
    'the alert on the parse-error rate fires at the webhook, and names the route',
    async () => {
      const alert = await told('StreamgaugeParseErrorsFast', 'firing')
      expect(alert.labels).toEqual({ ...FAILING_LABELS, alertname: 'StreamgaugeParseErrorsFast', severity: 'critical' })
      expect(alert.annotations['summary']).toMatch(
        /^Chunks of \d+(\.\d+)?% of the streams could not be parsed: gpt-5-mini at 127\.0\.0\.1 \(openai\), asked by shop\/chat in test$/,
      )
      expect(alert.annotations['dashboard_url']).toMatch(
        /var-job=shop%2Fchat&var-environment=test&var-provider=openai&var-model=gpt-5-mini/,
      )
    },
    ALERT_LIMIT_MS + 10_000,
  )

  describe.each(readDashboards().filter(([path]) => path.includes('grafana') && !path.includes('runbook')))(
    '%s',
    (_, dashboard) => {
      it.each(promQueries(dashboard).filter(([title]) => ![...ELSEWHERE, ALERTS].includes(title)))(
        '%s %s gives what the scenario says',
        async (...panelQuery) => {
          results.push({ query: panelQuery, samples: await expectPanel(stack.prometheusUrl, panelQuery) })
        },
        PANEL_LIMIT_MS,
      )
    },
  )

  it(
    'the alert resolves at the webhook when streams go well again',
    async () => {
      await run(RECOVERY)
      const { labels } = await told('StreamgaugeParseErrorsFast', 'resolved')
      expect(labels).toMatchObject(FAILING_LABELS)
    },
    ALERT_LIMIT_MS + START_LIMIT_MS,
  )

  it(
    `${ALERTS} A gives what the scenario says`,
    async () => {
      const queries = readDashboards().flatMap(([, dashboard]) => promQueries(dashboard))
      for (const panelQuery of queries.filter(([title]) => title === ALERTS).slice(0, 1)) {
        results.push({ query: panelQuery, samples: await expectPanel(stack.prometheusUrl, panelQuery) })
      }
      expect(queries.map(([title]) => title)).toContain(ALERTS)
    },
    PANEL_LIMIT_MS,
  )

  it(
    'a service that does not say which of its processes tells is shown',
    async () => {
      const [, , expression = ''] =
        readDashboards()
          .flatMap(([, dashboard]) => promQueries(dashboard))
          .find(([title]) => title === WITHOUT_INSTANCES) ?? []
      expect(await ask(asGrafanaSends(expression, '30m'))).toEqual([])
      await run([], { OTEL_SERVICE_NAME: 'nameless', OTEL_NODE_RESOURCE_DETECTORS: 'env' })
      const [found] = await until('the service', 30_000, async () => {
        const samples = await ask(asGrafanaSends(expression, '30m'))
        return samples.length === 0 ? undefined : samples
      })
      expect(found?.labels).toEqual({ job: 'shop/nameless' })
    },
    START_LIMIT_MS,
  )

  it('docs/results.md shows what the queries gave (UPDATE_README=1 writes it)', () => {
    expect(results.length).toBeGreaterThan(40)
    expect(outdatedRows('docs/results.md', 'prometheus', results)).toEqual([])
  })

  it('nobody was told of anything that was not there', () => {
    const alerts = new Set(
      stack.webhook.told.map(
        ({ labels }) => `${labels['alertname']} ${labels['server_address']} ${labels['error_type'] ?? ''}`,
      ),
    )
    const allowed = [
      'StreamgaugeParseErrorsFast 127.0.0.1 ',
      'StreamgaugeParseErrorsSlow 127.0.0.1 ',
      'StreamgaugeFaultRise 127.0.0.1 missing_terminator',
      'StreamgaugeAnswersCut 127.0.0.1 ',
      'StreamgaugeStreamsBreak 127.0.0.1 ',
      'StreamgaugeHostBuffers localhost ',
    ]
    expect([...alerts].filter((alert) => !allowed.includes(alert))).toEqual([])
  })
})
