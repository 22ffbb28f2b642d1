import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readShipped, type Replacements } from './shipped.ts'
import { startProgram, type Running } from './start-program.ts'

/** Ports that each Collector has: where it says that it is well, and what it says of itself. */
export interface OwnPorts {
  readonly health: number | undefined
  readonly metrics: number | undefined
}

/** A Collector on loopback, with one of the configurations that are shipped. */
export function startCollector(
  folder: string,
  name: 'collector' | 'gateway' | 'sampler',
  { health, metrics }: OwnPorts,
  replacements: Replacements,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const config = join(folder, `${name}.yaml`)
  const places: Replacements = [
    ['0.0.0.0:13133', `127.0.0.1:${health}`],
    ['host: 0.0.0.0', 'host: 127.0.0.1'],
    ['port: 8888', `port: ${metrics}`],
    ...replacements,
  ]
  writeFileSync(config, readShipped(`collector/${name}.yaml`, places))
  return startProgram('otelcol', { args: ['--config', config], folder, readyUrl: `http://127.0.0.1:${health}`, env })
}
