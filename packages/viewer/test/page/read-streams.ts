import type { Injector } from '@streamgauge/fault-server'

import type { Receiver } from '../../src/index.ts'

import { FAULTS, HEALTHY, speaks, startFaultServer } from '@streamgauge/fault-server'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Settings of whoever runs the tests. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|NODE_OPTIONS$|NODE_USE_ENV_PROXY$|(HTTPS?|ALL|NO)_PROXY$)/i

/** Every stream of the fault server, by the model that asks for it, as the demo reads them. */
export const STREAMS: ReadonlyMap<string, Injector> = new Map([
  ...HEALTHY.map((injector) => [`healthy:${injector.name}`, injector] as const),
  ...FAULTS.map((injector) => [`fault:${injector.name}`, injector] as const),
])

/** Shortest wait that is a stall: as in the demo. Milliseconds. */
const STALL_THRESHOLD_MS = '3800'

/** Has an instrumented application read these streams of the fault server, and send what it saw to the receiver. */
export async function readStreams(receiver: Receiver, models: Iterable<string>): Promise<void> {
  const wanted = Array.from(models, (model) => {
    const injector = STREAMS.get(model)
    if (injector === undefined) throw new RangeError(`There is no stream ${model}.`)
    return { model, api: speaks(injector, 'chat') ? 'chat' : 'responses', client: injector.client ?? {} }
  })
  const server = await startFaultServer()
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  try {
    const flag = '--import=@streamgauge/instrumentation-openai/register'
    await promisify(execFile)(process.execPath, [flag, join(import.meta.dirname, 'app.mjs'), JSON.stringify(wanted)], {
      cwd: import.meta.dirname,
      env: {
        ...Object.fromEntries(own),
        OPENAI_BASE_URL: server.baseURL,
        OPENAI_API_KEY: 'none-needed',
        OTEL_SERVICE_NAME: 'chat',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
        OTEL_METRIC_EXPORT_TIMEOUT: '1000',
        STREAMGAUGE_CHUNK_SPANS: 'all',
        STREAMGAUGE_STALL_THRESHOLD_MS: STALL_THRESHOLD_MS,
      },
    })
  } finally {
    await server.close()
  }
}
