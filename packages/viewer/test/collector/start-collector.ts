import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where `pnpm build:programs` puts what it builds. */
const PROGRAMS = join(import.meta.dirname, '../../../../.cache/programs')

/** A Collector of one OTLP/HTTP receiver and one exporter, by the settings of that. */
export interface Collector {
  /** Where it receives. */
  readonly url: string
  stop(): Promise<void>
}

/** The Collector of this repository's cache, or the one that STREAMGAUGE_COLLECTOR names; says what to do without. */
export function findCollector(): string | undefined {
  const found = [process.env['STREAMGAUGE_COLLECTOR'], ...builtCollectors()].find(isExecutable)
  if (found === undefined) {
    console.log(
      'SKIP a real Collector: with Go 1.26 or newer `pnpm build:programs` builds one; or set STREAMGAUGE_COLLECTOR',
    )
  }
  return found
}

function builtCollectors(): readonly string[] {
  try {
    const folders = readdirSync(PROGRAMS).filter((name) => name.startsWith('collector-'))
    return folders.map((name) => join(PROGRAMS, name, 'otelcol'))
  } catch {
    return []
  }
}

function isExecutable(path: string | undefined): path is string {
  try {
    accessSync(path ?? '', constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Starts a Collector that sends all signals on, and waits until it receives. */
export async function startCollector(program: string, exporter: Readonly<Record<string, unknown>>): Promise<Collector> {
  const folder = mkdtempSync(join(tmpdir(), 'viewer-collector-'))
  const port = await freePort()
  const pipeline = { receivers: ['otlp'], exporters: ['otlp_http'] }
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { otlp_http: exporter },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  }
  const path = join(folder, 'collector.yaml')
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config))
  const child = spawn(program, ['--config', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  const end = (): boolean => child.kill('SIGKILL')
  process.once('exit', end)
  const ended = once(child, 'exit').then(() => {
    process.off('exit', end)
    rmSync(folder, { recursive: true })
  })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (log.includes('Everything is ready')) resolve()
    })
    ended.then(() => reject(new Error(`the Collector ended:\n${log}`)), reject)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A port of loopback that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
