import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { readDashboards } from '../read-dashboards.ts'
import { isBuilt } from './programs/programs.ts'
import { expectPanel, promQueries } from './run/expect-panel.ts'
import { freePorts } from './run/free-ports.ts'
import { until } from './run/poll.ts'
import { firingAlerts, query } from './run/prometheus.ts'
import { runApp, type RunningApp } from './run/run-app.ts'
import { startScrape } from './run/start-scrape.ts'
import { count, SCENARIO, TELLS_FAST } from './scenario.ts'

const withPrometheus = isBuilt('prometheus') ? describe : describe.skip
const LIMIT_MS = 120_000

/** Of programs that are not here. */
const ELSEWHERE =
  /^(Services without|Tail sampling|Spans that Tempo|Received by|Exporter|Rules|Notifications|Alerts that fire)/

withPrometheus('an application that serves its metrics by @opentelemetry/exporter-prometheus', () => {
  let server: FaultServer
  let prometheus: Awaited<ReturnType<typeof startScrape>>
  let app: RunningApp
  beforeAll(async () => {
    const [port = 0, own = 0] = await freePorts(2)
    server = await startFaultServer()
    prometheus = await startScrape(port, own)
    app = await runApp(SCENARIO, {
      ...TELLS_FAST,
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: `${port}`,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      FAULT_SERVER_PORT: new URL(server.baseURL).port,
    })
    await until('all streams', 30_000, async () => {
      const [all] = await query(prometheus.url, 'sum(streamgauge_stream_ended_total)')
      return all?.value === count() ? all : undefined
    })
  }, LIMIT_MS)
  afterAll(async () => {
    await app?.stop()
    await prometheus?.stop()
    await server?.close()
  }, LIMIT_MS)

  const queries = readDashboards()
    .filter(([path]) => path.includes('scraped'))
    .flatMap(([, dashboard]) => promQueries(dashboard))
    .filter(([title]) => !ELSEWHERE.test(title))

  it('has dashboards of its own, since its series have other names', () => {
    expect(queries.length).toBeGreaterThan(30)
  })

  it.each(queries)(
    '%s %s gives what the scenario says',
    async (...panelQuery) => {
      expect(await expectPanel(prometheus.url, panelQuery)).not.toEqual([])
    },
    LIMIT_MS,
  )

  it(
    'its alert on the parse-error rate fires',
    async () => {
      const alert = await until('the alert', LIMIT_MS, async () =>
        (await firingAlerts(prometheus.url)).find(({ alertname }) => alertname === 'StreamgaugeParseErrorsFast'),
      )
      expect(alert).toMatchObject({
        job: 'shop/chat',
        gen_ai_request_model: 'gpt-5-mini',
        server_address: '127.0.0.1',
      })
    },
    LIMIT_MS,
  )
})
