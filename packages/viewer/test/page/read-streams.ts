import type { Receiver } from '../../src/index.ts'

import { startFaultServer } from '@streamgauge/fault-server'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Settings of whoever runs the tests. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|NODE_OPTIONS$)/

/** Has an instrumented application read these streams of the fault server, and send what it saw to the receiver. */
export async function readStreams(receiver: Receiver, models: readonly string[]): Promise<void> {
  const server = await startFaultServer()
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  try {
    const flag = '--import=@streamgauge/instrumentation-openai/register'
    await promisify(execFile)(process.execPath, [flag, join(import.meta.dirname, 'app.mjs'), ...models], {
      cwd: import.meta.dirname,
      env: {
        ...Object.fromEntries(own),
        OPENAI_BASE_URL: server.baseURL,
        OPENAI_API_KEY: 'none-needed',
        OTEL_SERVICE_NAME: 'chat',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        STREAMGAUGE_CHUNK_SPANS: 'all',
      },
    })
  } finally {
    await server.close()
  }
}
