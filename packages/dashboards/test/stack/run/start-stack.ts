import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { composeCommand } from './compose-command.ts'
import { freePorts } from './free-ports.ts'
import { readShipped, shippedPath, type Replacements } from './shipped.ts'
import { startProgram } from './start-program.ts'
import { startTraceSink, type TraceSink } from './trace-sink.ts'
import { startWebhook, type Webhook } from './webhook.ts'

/** The stack of docker-compose.yml as processes on loopback, from the files that are shipped. */
export interface Stack {
  /** Takes OTLP over HTTP. */
  readonly otlpUrl: string
  readonly prometheusUrl: string
  readonly traces: TraceSink
  readonly webhook: Webhook
  readonly folder: string
  stop(): Promise<void>
}

/**
 * Collector, Prometheus with its rules, Alertmanager, and what stands for Tempo and for the team's webhook.
 *
 * @param rules the rule file's path in the stack
 */
export async function startStack(rules = 'prometheus/rules'): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-stack-'))
  const started: { stop(): Promise<void> }[] = []
  const stop = async (): Promise<void> => {
    for (const one of started.toReversed()) await one.stop()
    rmSync(folder, { recursive: true })
  }
  const [grpc, http, health, own, prometheus, alertmanager, hook, traces, ...ofSink] = await freePorts(10)
  const at = (port: number | undefined): string => `127.0.0.1:${port}`
  const write = (path: string, replacements: Replacements): string => {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, readShipped(path, replacements))
    return target
  }
  try {
    const sink = await startTraceSink(at(traces), folder, ofSink)
    started.push(sink)
    const webhook = await startWebhook(hook ?? 0)
    started.push(webhook)
    const urlFile = join(folder, 'webhook-url')
    writeFileSync(urlFile, `http://${at(hook)}/\n`)
    const alertConfig = write('alertmanager/alertmanager.yml', [['/etc/alertmanager/webhook-url', urlFile]])
    started.push(
      await startProgram('alertmanager', {
        args: [
          ...composeCommand('alertmanager', {
            '--config.file': alertConfig,
            '--storage.path': join(folder, 'alertmanager-data'),
          }),
          `--web.listen-address=${at(alertmanager)}`,
          '--web.route-prefix=/',
        ],
        folder,
        readyUrl: `http://${at(alertmanager)}/-/ready`,
      }),
    )
    const promConfig = write('prometheus/prometheus.yml', [
      ['/etc/prometheus/rules', shippedPath(rules)],
      ['localhost:9090', at(prometheus)],
      ['alertmanager:9093', at(alertmanager)],
      ['collector:8888', at(own)],
      // Nobody is there: what stands for Tempo has no metrics.
      ['tempo:3200', at(1)],
    ])
    started.push(
      await startProgram('prometheus', {
        args: [
          ...composeCommand('prometheus', {
            '--config.file': promConfig,
            '--storage.tsdb.path': join(folder, 'prometheus-data'),
          }),
          `--web.listen-address=${at(prometheus)}`,
          '--web.route-prefix=/',
        ],
        folder,
        readyUrl: `http://${at(prometheus)}/-/ready`,
      }),
    )
    const collectorConfig = write('collector/collector.yaml', [
      ['0.0.0.0:13133', at(health)],
      ['0.0.0.0:4317', at(grpc)],
      ['0.0.0.0:4318', at(http)],
      ['tempo:4317', at(traces)],
      ['prometheus:9090', at(prometheus)],
      ['host: 0.0.0.0', 'host: 127.0.0.1'],
      ['port: 8888', `port: ${own}`],
    ])
    started.push(
      await startProgram('otelcol', {
        args: ['--config', collectorConfig],
        folder,
        readyUrl: `http://${at(health)}`,
      }),
    )
    return {
      otlpUrl: `http://${at(http)}`,
      prometheusUrl: `http://${at(prometheus)}`,
      traces: sink,
      webhook,
      folder,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
