import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { runApp } from './run-app.ts'

// With a real NodeSDK and its OTLP exporters: what becomes of the telemetry is no affair of the application.
const LIMIT_MS = 60_000

/** What a collector does with what it is sent. */
const COLLECTORS: Readonly<Record<string, RequestListener>> = {
  'never answers': () => {},
  refuses: (_, response) => void response.writeHead(500).end('no'),
  'asks for patience': (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end(),
  'answers with garbage': (_, response) => void response.writeHead(200).end('<html>'),
  'hangs up': (request) => void request.socket.destroy(),
}

const DOORS = [
  ['register', '@streamgauge/instrumentation-openai/register', 'app.mjs'],
  ['NodeSDK in code', '@streamgauge/instrumentation-openai/hook', 'sdk-in-code.mjs'],
] as const

let server: FaultServer
/** What the application says without us. */
let bare = ''
const collectors = new Map<string, Server>()
beforeAll(async () => {
  server = await startFaultServer()
  bare = (await runApp('doors/app.mjs', ['7', server.baseURL, 'readMany'])).stdout
  for (const [name, listener] of Object.entries(COLLECTORS)) {
    const collector = createServer(listener)
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    collectors.set(name, collector)
  }
})
afterAll(async () => {
  await server.close()
  for (const collector of collectors.values()) {
    collector.closeAllConnections()
    await new Promise((resolve) => collector.close(resolve))
  }
})

function urlOf(name: string): string {
  // Port 9 is the discard service, where nobody listens.
  const { port } = (collectors.get(name)?.address() ?? { port: 9 }) as AddressInfo
  return `http://127.0.0.1:${port}`
}

describe.each(DOORS)(
  '%s: streams are read as without us, and the process ends, beside a collector that',
  (_, door, app) => {
    it.each(['is not there', ...Object.keys(COLLECTORS)])(
      '%s',
      async (name) => {
        const env = {
          OTEL_EXPORTER_OTLP_ENDPOINT: urlOf(name),
          OTEL_EXPORTER_OTLP_TIMEOUT: '300',
          // So that much of it is sent while streams are open.
          OTEL_BSP_SCHEDULE_DELAY: '5',
          OTEL_BLRP_SCHEDULE_DELAY: '5',
          OTEL_NODE_RESOURCE_DETECTORS: 'none',
          STREAMGAUGE_CHUNK_SPANS: 'all',
        }
        const watched = await runApp(`doors/${app}`, ['7', server.baseURL, 'readMany'], {
          nodeOptions: ['--import', door],
          env,
        })
        expect({ exitCode: watched.exitCode, stdout: watched.stdout, stderr: watched.stderr }).toEqual({
          exitCode: 0,
          stdout: bare,
          stderr: '',
        })
        expect(bare).toMatch(/^(\w+: \d+\n){9}$/)
      },
      LIMIT_MS,
    )
  },
)
