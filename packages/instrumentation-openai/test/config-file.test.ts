import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { startOtlpReceiver } from './otlp-receiver.ts'
import { runApp } from './run-app.ts'

// An SDK that is started from OTEL_CONFIG_FILE hands instrumentations no meter: ours follow the global one.
const REGISTER = '@streamgauge/instrumentation-openai/register'
const HOOK = '@streamgauge/instrumentation-openai/hook'
const LIMIT_MS = 60_000

let server: FaultServer
let folder: string
beforeAll(async () => {
  server = await startFaultServer()
  folder = await mkdtemp(join(tmpdir(), 'streamgauge-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

function exporterOf(url: string, signal: string): string {
  return `{ otlp_http: { endpoint: '${url}/v1/${signal}', encoding: json } }`
}

function configOf(url: string): string {
  return `file_format: '1.0'
resource: { attributes: [{ name: service.name, value: configured }] }
tracer_provider: { processors: [{ batch: { exporter: ${exporterOf(url, 'traces')} } }] }
meter_provider: { readers: [{ periodic: { exporter: ${exporterOf(url, 'metrics')} } }] }
logger_provider: { processors: [{ batch: { exporter: ${exporterOf(url, 'logs')} } }] }
`
}

describe.each([
  ['register, ES module', REGISTER, 'app.mjs'],
  ['register, CommonJS', REGISTER, 'app.cjs'],
  ['hook and startNodeSdk in code', HOOK, 'configured.mjs'],
])('%s', (_, door, app) => {
  it.each(['4', '7'])(
    'spans, logs and metrics arrive where the file says: openai %s',
    async (major) => {
      const receiver = await startOtlpReceiver()
      const file = join(folder, `${app}-${major}.yaml`)
      await writeFile(file, configOf(receiver.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''))
      const { exitCode, stdout } = await runApp(`doors/${app}`, [major, server.baseURL, 'caught'], {
        nodeOptions: ['--import', door],
        env: { OTEL_CONFIG_FILE: file },
      })
      await receiver.close()
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
      expect(receiver.requestSpans().map(({ name }) => name)).toEqual(['chat fault:cut_json'])
      for (const signal of ['resourceSpans', 'resourceLogs', 'resourceMetrics']) {
        const told = receiver.bodies.filter((body) => body.startsWith(`{"${signal}"`)).join('')
        expect(told).toContain('malformed_event')
        expect(told).toContain('configured')
      }
      expect(receiver.bodies.join('')).toContain('"streamgauge.stream.parse_errors"')
      expect(receiver.bodies.join('')).toContain('"gen_ai.client.inference.duration"')
    },
    LIMIT_MS,
  )
})

it(
  'a file that is not there is told of by the SDK, and the application runs on',
  async () => {
    const { exitCode, stdout, stderr } = await runApp('doors/app.mjs', ['7', server.baseURL, 'read'], {
      nodeOptions: ['--import', REGISTER],
      env: { OTEL_CONFIG_FILE: join(folder, 'none.yaml') },
    })
    expect({ exitCode, chunks: stdout.trim() }).toEqual({ exitCode: 0, chunks: '17' })
    expect(stderr).toContain('Could not load OpenTelemetry configuration')
  },
  LIMIT_MS,
)
