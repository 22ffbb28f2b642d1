import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { composeCommand } from './compose-command.ts'
import { freePorts } from './free-ports.ts'
import { readShipped, type Replacements } from './shipped.ts'
import { startProgram } from './start-program.ts'
import { startTraceSink, type TraceSink } from './trace-sink.ts'

/** The two tiers of Collectors, with Prometheus before the sampling, and what stands for Tempo behind it. */
export interface Tiers {
  /** Takes OTLP over HTTP: the first tier. */
  readonly otlpUrl: string
  readonly prometheusUrl: string
  /** What the second tier says of itself. */
  readonly samplerMetricsUrl: string
  readonly traces: TraceSink
  stop(): Promise<void>
}

/** @param env of the second tier */
export async function startTiers(env: Readonly<Record<string, string>>): Promise<Tiers> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-tiers-'))
  const started: { stop(): Promise<void> }[] = []
  const stop = async (): Promise<void> => {
    for (const one of started.toReversed()) await one.stop()
    rmSync(folder, { recursive: true })
  }
  const [prometheus, grpc, http, ...rest] = await freePorts(12)
  const [gatewayHealth, gatewayOwn, sampler, samplerHealth, samplerOwn, traces, ...ofSink] = rest
  const at = (port: number | undefined): string => `127.0.0.1:${port}`
  const startCollector = async (
    path: string,
    health: number | undefined,
    own: number | undefined,
    replacements: Replacements,
    collectorEnv: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    const places: Replacements = [
      ['0.0.0.0:13133', at(health)],
      ['host: 0.0.0.0', 'host: 127.0.0.1'],
      ['port: 8888', `port: ${own}`],
      ...replacements,
    ]
    writeFileSync(target, readShipped(path, places))
    const options = { args: ['--config', target], folder, readyUrl: `http://${at(health)}`, env: collectorEnv }
    started.push(await startProgram('otelcol', options))
  }
  try {
    const sink = await startTraceSink(at(traces), folder, ofSink)
    started.push(sink)
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, '{}\n')
    const places = { '--config.file': config, '--storage.tsdb.path': join(folder, 'prometheus-data') }
    started.push(
      await startProgram('prometheus', {
        args: [
          ...composeCommand('prometheus', places),
          `--web.listen-address=${at(prometheus)}`,
          '--web.route-prefix=/',
        ],
        folder,
        readyUrl: `http://${at(prometheus)}/-/ready`,
      }),
    )
    await startCollector('collector/sampler.yaml', samplerHealth, samplerOwn, [['0.0.0.0:4317', at(sampler)]], {
      TRACES_ENDPOINT: at(traces),
      ...env,
    })
    await startCollector(
      'collector/gateway.yaml',
      gatewayHealth,
      gatewayOwn,
      [
        ['0.0.0.0:4317', at(grpc)],
        ['0.0.0.0:4318', at(http)],
        // The port at which the samplers are found.
        ["port: '4317'", `port: '${sampler}'`],
      ],
      { SAMPLER_HOST: '127.0.0.1', METRICS_ENDPOINT: `http://${at(prometheus)}/api/v1/otlp` },
    )
    return {
      otlpUrl: `http://${at(http)}`,
      prometheusUrl: `http://${at(prometheus)}`,
      samplerMetricsUrl: `http://${at(samplerOwn)}/metrics`,
      traces: sink,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
