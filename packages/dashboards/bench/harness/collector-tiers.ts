import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { freePort, programOf, startProgram, type Program } from './program.ts'

const STACK = new URL('../../stack/collector/', import.meta.url)

/** The two tiers as they are shipped, but for addresses: a copy listens on loopback, on free ports. */
export interface Tiers {
  /** Where applications send to. */
  readonly url: string
  readonly gateway: Program
  readonly sampler: Program
  /** A figure of the sampler's about itself, added up over its series. */
  samplerFigure(name: string): Promise<number>
  stop(): Promise<void>
}

/** Changes one value of a configuration, which must be there. */
function change(config: unknown, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce((node, key) => (node as Record<string, unknown>)[key], config) as Record<string, unknown>
  if (parent[last] === undefined) throw new Error(`the configuration has no ${path}`)
  parent[last] = value
}

interface Ports {
  readonly metrics: number
  readonly health: number
}

function writeCopy(folder: string, tier: string, ports: Ports, changes: Readonly<Record<string, unknown>>): string {
  const config: unknown = parse(readFileSync(new URL(`${tier}.yaml`, STACK), 'utf8'))
  change(config, 'extensions.health_check.endpoint', `127.0.0.1:${ports.health}`)
  change(config, 'service.telemetry.metrics.readers.0.pull.exporter.prometheus.host', '127.0.0.1')
  change(config, 'service.telemetry.metrics.readers.0.pull.exporter.prometheus.port', ports.metrics)
  for (const [path, value] of Object.entries(changes)) change(config, path, value)
  const file = join(folder, `${tier}.yaml`)
  writeFileSync(file, stringify(config))
  return file
}

/**
 * @param tracesUrl where the sampler sends what it keeps, by OTLP/HTTP: the receiver of the bench speaks no gRPC
 * @param env of the sampler
 */
export async function startTiers(tracesUrl: string, env: Readonly<Record<string, string>>): Promise<Tiers> {
  const otelcol = programOf('STREAMGAUGE_OTELCOL')
  const [http, grpc, samplerGrpc] = [await freePort(), await freePort(), await freePort()]
  const [own, other] = [
    { metrics: await freePort(), health: await freePort() },
    { metrics: await freePort(), health: await freePort() },
  ]
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-collectors-'))
  const samplerFile = writeCopy(folder, 'sampler', own, {
    'receivers.otlp.protocols.grpc.endpoint': `127.0.0.1:${samplerGrpc}`,
    exporters: { 'otlp_http/traces': { endpoint: tracesUrl } },
    'service.pipelines.traces.exporters': ['otlp_http/traces'],
  })
  const gatewayFile = writeCopy(folder, 'gateway', other, {
    'receivers.otlp.protocols.grpc.endpoint': `127.0.0.1:${grpc}`,
    'receivers.otlp.protocols.http.endpoint': `127.0.0.1:${http}`,
    'exporters.load_balancing.resolver.dns.port': `${samplerGrpc}`,
  })
  const start = (file: string, { health }: Ports, more: Readonly<Record<string, string>>): Promise<Program> =>
    startProgram(otelcol, [`--config=${file}`], `http://127.0.0.1:${health}/`, more)
  const sampler = await start(samplerFile, own, env)
  const gateway = await start(gatewayFile, other, { SAMPLER_HOST: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${http}`,
    gateway,
    sampler,
    samplerFigure: async (name) => {
      const text = await (await fetch(`http://127.0.0.1:${own.metrics}/metrics`)).text()
      const lines = text.split('\n').filter((line) => line.startsWith(name))
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
    },
    stop: async () => {
      await gateway.stop()
      await sampler.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
