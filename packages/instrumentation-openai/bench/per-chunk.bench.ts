// What does watching cost per chunk, over the bare SDK?
//
// An in-process fetch gives one event per read, so that the SDK's own work is all there is beside ours. Bare and watched
// rounds alternate in one process, and a second bare run in each round shows what the noise alone does. CPU time, not wall
// time: the machine may be doing other things. A recording SDK with a batch processor and a metric reader is set up.
import { cpus } from 'node:os'
import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { loadSdk } from '../test/apps/sdks.ts'

const CHUNKS = 2000
const STREAMS = 4
const ROUNDS = 21

const chunk = new TextEncoder().encode(
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'fp', choices: [{ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null }] })}\n\n`,
)
const end = new TextEncoder().encode(
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
)

const answer = (): Promise<Response> => {
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent++ < CHUNKS) return controller.enqueue(chunk.slice())
      controller.enqueue(end.slice())
      controller.close()
    },
  })
  return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
}

const spans = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: spans })] }))
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] }))

for (const major of [6, 7]) {
  const sdk = await loadSdk(major)
  const instrumentation = new OpenAIStreamInstrumentation()
  instrumentation.instrument(sdk)
  const openai = new sdk.OpenAI({ apiKey: 'bench', fetch: answer, logLevel: 'off' })

  const run = async (): Promise<number> => {
    const before = process.cpuUsage()
    for (let i = 0; i < STREAMS; i++) {
      let seen = 0
      for await (const _ of await openai.chat.completions.create({ model: 'm', messages: [], stream: true })) seen++
      if (seen !== CHUNKS + 1) throw new Error(`${seen} chunks instead of ${CHUNKS + 1}`)
    }
    const { user, system } = process.cpuUsage(before)
    return ((user + system) * 1000) / (STREAMS * CHUNKS)
  }
  const bareRun = async (): Promise<number> => {
    instrumentation.disable()
    return run()
  }
  const watchedRun = async (): Promise<number> => {
    instrumentation.enable()
    return run()
  }
  for (let i = 0; i < 3; i++) await watchedRun().then(bareRun)
  const bare: number[] = []
  const control: number[] = []
  const watched: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const steps = [
      async (): Promise<unknown> => bare.push(await bareRun()),
      async (): Promise<unknown> => watched.push(await watchedRun()),
      async (): Promise<unknown> => control.push(await bareRun()),
    ]
    for (const step of round % 2 === 0 ? steps : steps.toReversed()) await step()
  }
  const ratios = watched.map((ns, i) => ns / (bare[i] ?? 0))
  const controls = control.map((ns, i) => ns / (bare[i] ?? 0))
  console.log(
    `openai ${major}: bare ${median(bare).toFixed(0)} ns per chunk, watched ${median(watched).toFixed(0)} ns; ` +
      `ratio ${median(ratios).toFixed(3)} (quartiles ${quartiles(ratios)}), bare against bare ${median(controls).toFixed(3)} (${quartiles(controls)})`,
  )
}
console.log(`Node.js ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}`)
process.exit(0)

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function quartiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3)
  return `${at(0.25)}-${at(0.75)}`
}
