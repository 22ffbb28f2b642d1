import { spawn } from 'node:child_process'
import {
  firstHalf,
  formatEvent,
  sendAnswer,
  sendEvents,
  startFaultServer,
  type Injector,
} from '@streamgauge/fault-server'
import { startReceiver, type Export } from './receiver.ts'

/** What an application reads: `answers` are names of injectors, taken in turn with each model. */
export interface Streams {
  readonly models: readonly string[]
  readonly answers: readonly string[]
  readonly atOnce: number
  readonly count: number
}

/** Pieces of text in a stream, each an event and a read of its own. */
export const PIECES = 200
/** So that each event is read by itself. */
const DELAY_MS = 2

const answer = { pieces: PIECES }
const healthy: Injector = {
  name: 'bench_healthy',
  summary: 'A long answer.',
  api: 'chat',
  expected: { outcome: 'completed' },
  answer,
  play: (exchange) => sendAnswer(exchange),
}

/** Half of the answer, and then something else. */
const broken = (
  name: string,
  end: (exchange: Parameters<Injector['play']>[0], cut: string) => Promise<void>,
): Injector => ({
  name,
  summary: 'Half of a long answer.',
  api: 'chat',
  expected: { outcome: 'broken' },
  answer,
  play: async (exchange) => {
    const { events } = exchange
    const middle = Math.floor(events.length / 2)
    await exchange.headers()
    await sendEvents(exchange, events.slice(0, middle))
    const next = events[middle]
    if (next === undefined) throw new Error('an answer has a middle')
    await end(exchange, firstHalf(formatEvent(next)))
  },
})

export const HEALTHY = healthy.name
const BROKEN: readonly Injector[] = [
  broken('bench_cut', async (exchange, cut) => {
    await exchange.write(cut)
    await exchange.end()
  }),
  broken('bench_reset', async (exchange, cut) => {
    await exchange.write(cut)
    await exchange.reset()
  }),
  broken('bench_not_json', async (exchange) => {
    await exchange.write(`data: ${'upstream connect error or disconnect before headers '.repeat(30)}\n\n`)
    await exchange.end()
  }),
]
export const BROKEN_NAMES: readonly string[] = BROKEN.map(({ name }) => name)

/** Settings of whoever runs this, which would change what is sent. */
const FOREIGN = /^(OTEL_|STREAMGAUGE_|OPENAI_|NODE_OPTIONS$)/

/** Runs an application that sends its telemetry by OTLP/HTTP, protobuf and gzip, through the door without code. */
export async function runApp(streams: Streams, env: Readonly<Record<string, string>>): Promise<readonly Export[]> {
  const receiver = await startReceiver()
  const server = await startFaultServer({ delayMs: DELAY_MS, extraFaults: [healthy, ...BROKEN] })
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const child = spawn(
    process.execPath,
    [
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      '--import=@streamgauge/instrumentation-openai/register',
      'app-worker.ts',
      JSON.stringify(streams),
    ],
    {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...Object.fromEntries(own),
        OPENAI_BASE_URL: server.baseURL,
        OPENAI_API_KEY: 'any',
        OTEL_SERVICE_NAME: 'checkout-assistant',
        OTEL_RESOURCE_ATTRIBUTES:
          'service.namespace=shop,service.version=1.14.2,deployment.environment.name=production',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        // One export of the metrics, at the end.
        OTEL_METRIC_EXPORT_INTERVAL: '600000',
        // Nothing may be lost here: more spans come at once than in an application that does something else as well.
        OTEL_BSP_MAX_QUEUE_SIZE: '100000',
        ...env,
      },
    },
  )
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  await server.close()
  await receiver.close()
  if (exitCode !== 0) throw new Error(`the application ended with ${String(exitCode)}`)
  return receiver.exports
}
