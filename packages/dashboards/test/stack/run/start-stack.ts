import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { readShipped, shippedPath } from './shipped.ts'
import { startAlertmanager } from './start-alertmanager.ts'
import { startCollector } from './start-collector.ts'
import { startPrometheus } from './start-prometheus.ts'
import { startTogether, type Stoppable } from './start-together.ts'
import { startTraceSink, type TraceSink } from './trace-sink.ts'
import { startWebhook, type Webhook } from './webhook.ts'

/** The stack of docker-compose.yml as processes on loopback, from the files that are shipped. */
export interface Stack extends Stoppable {
  /** Takes OTLP over HTTP. */
  readonly otlpUrl: string
  readonly prometheusUrl: string
  readonly traces: TraceSink
  readonly webhook: Webhook
}

/** Collector, Prometheus with its rules, Alertmanager, and what stands for Tempo and for the team's webhook. */
export function startStack(): Promise<Stack> {
  return startTogether('stack', async (folder, keep) => {
    const [grpc, http, health, metrics, prometheus, alertmanager, hook, tempo, ...ofSink] = await freePorts(10)
    const at = (port: number | undefined): string => `127.0.0.1:${port}`
    const traces = keep(await startTraceSink(at(tempo), folder, ofSink))
    const webhook = keep(await startWebhook(hook ?? 0))
    keep(await startAlertmanager(folder, alertmanager, `http://${at(hook)}/`))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      readShipped('prometheus/prometheus.yml', [
        ['/etc/prometheus/rules', shippedPath('prometheus/rules')],
        ['localhost:9090', at(prometheus)],
        ['alertmanager:9093', at(alertmanager)],
        ['collector:8888', at(metrics)],
        // Nobody is there: what stands for Tempo has no metrics.
        ['tempo:3200', at(1)],
      ]),
    )
    keep(await startPrometheus(folder, config, prometheus))
    const ofCollector = [
      ['0.0.0.0:4317', at(grpc)],
      ['0.0.0.0:4318', at(http)],
      ['tempo:4317', at(tempo)],
      ['prometheus:9090', at(prometheus)],
    ] as const
    keep(await startCollector(folder, 'collector', { health, metrics }, ofCollector))
    return { otlpUrl: `http://${at(http)}`, prometheusUrl: `http://${at(prometheus)}`, traces, webhook }
  })
}
