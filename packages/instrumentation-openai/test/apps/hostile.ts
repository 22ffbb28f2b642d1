// Streams beside telemetry that fails in every way, and prints as JSON what the application saw and what was told all the
// same.
//
//   node hostile.ts <major> <failure>
import { diag, DiagLogLevel, context, logs, metrics, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, TracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace'
import {
  OpenAIStreamInstrumentation,
  type OpenAIStreamInstrumentationConfig,
  type StreamgaugeOptions,
} from '@streamgauge/instrumentation-openai'
import { fetchInProcess } from './in-process.ts'
import { loadSdk } from './sdks.ts'

/** What was seen and told beside one failure. */
export interface HostileResult {
  readonly seen: readonly string[]
  readonly rejections: readonly string[]
  /** Names of the spans that were exported by a processor that works. */
  readonly spans: readonly string[]
  readonly logRecords: number
  /** Streams counted as ended. */
  readonly ended: number
  /** Streams counted by the histogram of durations. */
  readonly durations: number
  readonly rawChunks: readonly unknown[]
}

const [, , major = '', failure = ''] = process.argv
const rejections: string[] = []
process.on('unhandledRejection', (error) => rejections.push(String(error)))
console.error = () => {}

function fail(): never {
  throw new EvalError(`${failure} fails`)
}

const nothing = { forceFlush: async () => {}, shutdown: async () => {} }
const quiet: SpanProcessor = { onStart: () => {}, onEnd: () => {}, ...nothing }
type Export = (items: unknown, done: (result: { code: number }) => void) => unknown
const EXPORTS: Readonly<Record<string, Export>> = {
  'exporter throws': fail,
  'exporter rejects': async () => fail(),
  'exporter says so': (_, done) => done({ code: 1 }),
  // Answers never: nothing of it may be waited for.
  'exporter is slow': () => {},
}
const broken = EXPORTS[failure]
const exporter = broken === undefined ? undefined : { export: broken as (items: unknown) => void, ...nothing }

const SPAN_PROCESSORS: Readonly<Record<string, SpanProcessor>> = {
  'onStart throws': { ...quiet, onStart: fail },
  'onEnd throws': { ...quiet, onEnd: fail },
  // Chunks have spans of their own, which say nothing where the fault is told.
  'onStart of a chunk throws': { ...quiet, onStart: ({ name }) => (name === 'streamgauge.chunk' ? fail() : undefined) },
}
const OPTIONS: Readonly<Record<string, StreamgaugeOptions>> = {
  'redact throws': { redact: fail },
  'redact rejects': { redact: (async () => fail()) as unknown as () => string },
  'redact returns megabytes': { redact: () => 'é'.repeat(4_000_000) },
  'redact returns nothing': { redact: (() => {}) as unknown as () => string },
}

const spans: ReadableSpan[] = []
const kept: SpanProcessor = { ...quiet, onEnd: (span) => void spans.push(span) }
const spanProcessor = SPAN_PROCESSORS[failure]
const tracerProvider = new TracerProvider({
  spanProcessors: [
    kept,
    ...(spanProcessor === undefined ? [] : [spanProcessor]),
    ...(exporter === undefined ? [] : [new SimpleSpanProcessor({ exporter })]),
  ],
})
let logRecords = 0
const counting: LogRecordProcessor = { onEmit: () => void logRecords++, enabled: () => true, ...nothing }
const loggerProvider = new LoggerProvider({
  processors: [
    counting,
    ...(failure === 'onEmit throws' ? [{ ...counting, onEmit: fail }] : []),
    ...(exporter === undefined ? [] : [new SimpleLogRecordProcessor({ exporter })]),
  ],
})
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
const throwing = new PeriodicExportingMetricReader({
  exporter: Object.assign(new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE), { export: fail }),
  exportIntervalMillis: 3_600_000,
})
const meterProvider = new MeterProvider({ readers: failure === 'reader throws' ? [throwing, reader] : [reader] })
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(tracerProvider)
logs.setGlobalLoggerProvider(loggerProvider)
metrics.setGlobalMeterProvider(meterProvider)
if (failure === 'diag throws') {
  diag.setLogger({ error: fail, warn: fail, info: fail, debug: fail, verbose: fail }, { logLevel: DiagLogLevel.WARN })
}

const sdk = await loadSdk(Number(major))
if (failure !== 'bare') {
  const options = failure === 'diag throws' ? { redact: fail, colour: 'red' } : (OPTIONS[failure] ?? {})
  new OpenAIStreamInstrumentation(options as OpenAIStreamInstrumentationConfig).instrument(sdk)
  if (failure === 'diag throws') new OpenAIStreamInstrumentation().instrument(sdk)
}
if (failure === 'providers throw') {
  for (const api of [trace, logs, metrics]) api.disable()
  trace.setGlobalTracerProvider({ getTracer: fail })
  logs.setGlobalLoggerProvider({ getLogger: fail })
  metrics.setGlobalMeterProvider({ getMeter: fail })
}
const openai = new sdk.OpenAI({
  apiKey: 'test',
  baseURL: 'http://llm.example/v1',
  maxRetries: 0,
  logLevel: 'off',
  fetch: fetchInProcess,
})
const seen: string[] = []
for (const model of ['healthy:plain', 'fault:cut_json', 'fault:no_done', 'fault:http_500', 'answer']) {
  seen.push(await read(model))
}
for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)

/** Collections fail with their reader, and go on to the others. */
await Promise.allSettled([reader.forceFlush(), throwing.forceFlush()])
const points = (name: string): readonly { readonly value: unknown }[] =>
  metricExporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }): readonly { readonly value: unknown }[] => dataPoints) ?? []
const result: HostileResult = {
  seen,
  rejections,
  spans: spans.filter(({ name }) => name !== 'streamgauge.chunk').map(({ name }) => name),
  logRecords,
  ended: points('streamgauge.stream.ended').reduce((sum, { value }) => sum + Number(value), 0),
  durations: points('gen_ai.client.inference.duration').reduce(
    (sum, { value }) => sum + (value as { count: number }).count,
    0,
  ),
  rawChunks: spans
    .map(({ attributes }) => attributes['streamgauge.chunk.raw'])
    .filter((raw) => raw !== undefined)
    .map((raw) => Buffer.byteLength(raw as string)),
}
process.stdout.write(JSON.stringify(result), () => process.exit())

async function read(model: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  const chunks: unknown[] = []
  try {
    if (model === 'answer') return JSON.stringify(await openai.chat.completions.create({ model, messages }))
    for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true }))
      chunks.push(chunk)
    return JSON.stringify(chunks)
  } catch (error) {
    return `${JSON.stringify(chunks)} ${String(error)}`
  }
}
