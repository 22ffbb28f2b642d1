import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { AggregationTemporality, DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import OpenAI from 'openai'
import { Stream } from 'openai/streaming'
import { MAX_CELLS, OTHER } from '../src/dashboards/self-check.ts'
import { INSTRUMENTS, type Instrument } from '../src/promql/instruments.ts'

class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE })
  }
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

it('the metrics that are asked for are those of the instrumentation, with its kinds and units', async () => {
  const reader = new Reader()
  const instrumentation = new OpenAIStreamInstrumentation({ chunkTiming: 'all' })
  instrumentation.setMeterProvider(new MeterProvider({ readers: [reader] }))
  expect(instrumentation.instrument({ OpenAI, Stream })).toEqual([])
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: 'none', maxRetries: 0, logLevel: 'off' })
  for (const fault of ['cut_json', 'coalesced']) await readStream(openai, fault)
  const { resourceMetrics } = await reader.collect()
  instrumentation.disable()
  const told = new Map(
    resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map((metric): [string, Instrument] => [
        metric.descriptor.name,
        { kind: kindOf(metric), unit: metric.descriptor.unit },
      ]),
  )
  for (const [name, instrument] of Object.entries(INSTRUMENTS)) {
    expect([name, told.get(name)]).toEqual([name, instrument])
  }
})

it('the bounds that the self-check speaks of are those of the instrumentation', () => {
  const told = readFileSync(join(import.meta.dirname, '../../instrumentation-openai/docs/telemetry.md'), 'utf8')
  expect(told.replaceAll(/\s+/g, ' ')).toContain(`At most ${MAX_CELLS} sets of attributes are told apart`)
  expect(told).toContain(`counted as \`${OTHER}\``)
})

async function readStream(openai: OpenAI, fault: string): Promise<void> {
  try {
    const stream = await openai.chat.completions.create(
      { model: 'gpt-5-mini', messages: [], stream: true },
      { headers: { 'x-fault': fault } },
    )
    for await (const _ of stream);
  } catch {
    // The first of them is meant to break.
  }
}

function kindOf(metric: { dataPointType: DataPointType; isMonotonic?: boolean }): Instrument['kind'] {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram'
  return metric.isMonotonic === true ? 'counter' : 'gauge'
}
