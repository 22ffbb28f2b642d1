import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { formatEvent, startFaultServer, type FaultServer, type Injector } from '@streamgauge/fault-server'
import { ATTR, EVENT } from '@streamgauge/core/semconv'
import OpenAI from 'openai7'
import { Stream } from 'openai7/streaming'
import { OpenAIStreamInstrumentation } from '../src/index.ts'
import { MAX_BURST } from '../src/telemetry/chunk-span-burst.ts'

const STREAMS = 400
const EVENTS = 12
const LIMIT_MS = 60_000

/** An answer that waits for the end of its server. */
const WITHOUT_END: Injector = {
  name: 'without_end',
  summary: 'Some events, then nothing more.',
  api: 'chat',
  expected: { outcome: 'broken', errorType: 'premature_close' },
  play: async (exchange) => {
    await exchange.headers()
    for (const event of exchange.events.slice(0, EVENTS)) {
      await exchange.pace()
      await exchange.write(formatEvent(event))
    }
    await exchange.hold()
  },
}

let server: FaultServer
beforeAll(async () => {
  // Slow enough for each event to come by itself.
  server = await startFaultServer({ delayMs: 20, extraFaults: [WITHOUT_END] })
})
afterAll(() => server.close())

it(
  'when a host dies, the span of every stream is kept by a batch processor, and as many chunk spans as leave room for that',
  async () => {
    const exporter = new InMemorySpanExporter()
    // As it is without a word of the user: a queue of 2,048 spans.
    const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] })
    const instrumentation = new OpenAIStreamInstrumentation()
    instrumentation.setTracerProvider(provider)
    instrumentation.instrument({ OpenAI, Stream })
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: 'none', maxRetries: 0, logLevel: 'off' })

    let waiting = STREAMS
    let allWait = (): void => {}
    const waits = new Promise<void>((resolve) => {
      allWait = resolve
    })
    const read = async (): Promise<void> => {
      try {
        const stream = await openai.chat.completions.create({
          model: 'fault:without_end',
          messages: [],
          stream: true,
        })
        let chunks = 0
        for await (const _ of stream) if (++chunks === EVENTS && --waiting === 0) allWait()
      } catch {
        // All of them break.
      }
    }
    const streams = Array.from({ length: STREAMS }, read)
    await waits
    await server.close()
    await Promise.all(streams)
    await provider.forceFlush()
    instrumentation.disable()

    const spans = exporter.getFinishedSpans()
    const chunkSpans = spans.filter(({ name }) => name === EVENT.CHUNK_SPAN)
    const requests = spans.filter(({ name }) => name.startsWith('chat '))
    expect(requests).toHaveLength(STREAMS)
    expect(chunkSpans.length).toBeGreaterThanOrEqual(MAX_BURST)
    // What is missing is said.
    const dropped = requests.reduce((sum, { attributes }) => sum + Number(attributes[ATTR.CHUNK_SPANS_DROPPED] ?? 0), 0)
    expect(dropped).toBeGreaterThan(STREAMS)
  },
  LIMIT_MS,
)
