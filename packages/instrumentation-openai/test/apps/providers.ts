// Providers that are set late, replaced, shut down and set anew while streams run; prints as JSON what each was told.
//
//   node providers.ts <major> <global | given>
import { logs, metrics, trace, type Attributes } from '@opentelemetry/api'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { fetchInProcess } from './in-process.ts'
import { loadSdk } from './sdks.ts'

/** What one set of providers was told from when it was set to when it was replaced. */
export interface ToldToOne {
  readonly spans: readonly string[]
  readonly logRecords: number
  /** Sums over all series, as a cumulative and as a delta reader has them. */
  readonly ended: readonly [cumulative: number, delta: number]
  readonly bytes: readonly [cumulative: number, delta: number]
  readonly active: number
  readonly durations: number
}

const [, , major = '', way = ''] = process.argv
// openai 4 says itself what it could not parse.
console.error = () => {}
const sdk = await loadSdk(Number(major))
const instrumentation = new OpenAIStreamInstrumentation()
instrumentation.instrument(sdk)
const openai = new sdk.OpenAI({
  apiKey: 'test',
  baseURL: 'http://llm.example/v1',
  maxRetries: 0,
  logLevel: 'off',
  fetch: fetchInProcess,
})

function open(model: string) {
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  return openai.chat.completions.create({ model, messages, stream: true })
}

async function read(model: string): Promise<void> {
  try {
    for await (const _ of await open(model)) void _
  } catch {}
}

type Temporality = (typeof AggregationTemporality)[keyof typeof AggregationTemporality]

function readerOf(temporality: Temporality) {
  const exporter = new InMemoryMetricExporter(temporality)
  return { exporter, reader: new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 }) }
}

class Providers {
  readonly spanExporter = new InMemorySpanExporter()
  readonly logExporter = new InMemoryLogRecordExporter()
  readonly cumulative = readerOf(AggregationTemporality.CUMULATIVE)
  readonly delta = readerOf(AggregationTemporality.DELTA)
  readonly tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: this.spanExporter })] })
  readonly logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: this.logExporter })] })
  readonly meter = new MeterProvider({ readers: [this.cumulative.reader, this.delta.reader] })

  use(): void {
    if (way === 'given') {
      instrumentation.setTracerProvider(this.tracer)
      instrumentation.setMeterProvider(this.meter)
      instrumentation.setLoggerProvider(this.logger)
      return
    }
    for (const api of [trace, metrics, logs]) api.disable()
    trace.setGlobalTracerProvider(this.tracer)
    metrics.setGlobalMeterProvider(this.meter)
    logs.setGlobalLoggerProvider(this.logger)
  }

  collect(): Promise<void> {
    return this.meter.forceFlush()
  }

  async shutdown(): Promise<void> {
    // Before the exporters forget what they have.
    this.told = this.#told()
    await Promise.all([this.tracer.shutdown(), this.logger.shutdown(), this.meter.shutdown()])
  }

  told: ToldToOne | undefined

  #told(): ToldToOne {
    const sum = (name: string): readonly [number, number] => [
      total(this.cumulative.exporter.getMetrics().slice(-1), name),
      total(this.delta.exporter.getMetrics(), name),
    ]
    return {
      spans: this.spanExporter
        .getFinishedSpans()
        .map(({ name }) => name)
        .filter((name) => name !== 'streamgauge.chunk'),
      logRecords: this.logExporter.getFinishedLogRecords().length,
      ended: sum('streamgauge.stream.ended'),
      bytes: sum('streamgauge.stream.io'),
      active: sum('streamgauge.stream.active')[0],
      durations: sum('gen_ai.client.inference.duration')[0],
    }
  }
}

interface Collected {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string }
      readonly dataPoints: readonly { readonly attributes: Attributes; readonly value: unknown }[]
    }[]
  }[]
}

function total(collections: readonly Collected[], name: string): number {
  return collections
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints)
    .reduce((sum, { value }) => sum + (typeof value === 'number' ? value : (value as { count: number }).count), 0)
}

// Before there are any.
const early = (await open('healthy:plain'))[Symbol.asyncIterator]()
await early.next()

const first = new Providers()
first.use()
while ((await early.next()).done !== true);
await read('healthy:plain')
await read('fault:cut_json')
const across = (await open('healthy:plain'))[Symbol.asyncIterator]()
await across.next()
await first.collect()
await first.collect()
await first.shutdown()
// Between two sets of providers nobody is told, and nothing is lost.
if (way === 'global') for (const api of [trace, metrics, logs]) api.disable()
await read('healthy:plain')

const second = new Providers()
second.use()
await read('fault:cut_json')
await second.collect()
while ((await across.next()).done !== true);
await second.collect()
await second.shutdown()
process.stdout.write(JSON.stringify([first.told, second.told]), () => process.exit())
