import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { startCollector } from './start-collector.ts'
import { startPrometheus } from './start-prometheus.ts'
import type { Running } from './start-program.ts'
import { startTogether, type Stoppable } from './start-together.ts'
import { startTraceSink, type TraceSink } from './trace-sink.ts'

/** The two tiers of Collectors, with Prometheus before the sampling, and what stands for Tempo behind it. */
export interface Tiers extends Stoppable {
  /** Takes OTLP over HTTP: the first tier. */
  readonly otlpUrl: string
  readonly prometheusUrl: string
  /** What the second tier says of itself. */
  readonly samplerMetricsUrl: string
  readonly gateway: Running
  readonly sampler: Running
  readonly traces: TraceSink
}

/** @param env of the second tier */
export function startTiers(env: Readonly<Record<string, string>>): Promise<Tiers> {
  return startTogether('tiers', async (folder, keep) => {
    const [prometheus, grpc, http, toSampler, tempo, ...rest] = await freePorts(11)
    const [gatewayHealth, gatewayMetrics, samplerHealth, samplerMetrics, ...ofSink] = rest
    const at = (port: number | undefined): string => `127.0.0.1:${port}`
    const traces = keep(await startTraceSink(at(tempo), folder, ofSink))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(config, '{}\n')
    keep(await startPrometheus(folder, config, prometheus))
    const sampler = keep(
      await startCollector(
        folder,
        'sampler',
        { health: samplerHealth, metrics: samplerMetrics },
        [['0.0.0.0:4317', at(toSampler)]],
        { TRACES_ENDPOINT: at(tempo), ...env },
      ),
    )
    const ofGateway = [
      ['0.0.0.0:4317', at(grpc)],
      ['0.0.0.0:4318', at(http)],
      // The port at which the samplers are found.
      ["port: '4317'", `port: '${toSampler}'`],
    ] as const
    const gateway = keep(
      await startCollector(folder, 'gateway', { health: gatewayHealth, metrics: gatewayMetrics }, ofGateway, {
        SAMPLER_HOST: '127.0.0.1',
        METRICS_ENDPOINT: `http://${at(prometheus)}/api/v1/otlp`,
      }),
    )
    return {
      otlpUrl: `http://${at(http)}`,
      prometheusUrl: `http://${at(prometheus)}`,
      samplerMetricsUrl: `http://${at(samplerMetrics)}/metrics`,
      gateway,
      sampler,
      traces,
    }
  })
}
