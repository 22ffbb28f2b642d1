// Reads a stream whose bytes are given, and prints as JSON what the application saw and all the telemetry there is.
//
//   node replay.ts '<Replay as JSON>'
import { context, diag, trace, DiagLogLevel, type Attributes } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import {
  instrumentOpenAI,
  type OpenAIStreamInstrumentationConfig,
  type StreamgaugeOptions,
} from '@streamgauge/instrumentation-openai'
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry, type Point } from './telemetry.ts'

/** What is played. */
export interface Replay {
  readonly major: number
  /** What each read of the body brings: text, or bytes in base64. */
  readonly reads: readonly (string | { readonly base64: string })[]
  /** How the body ends. @defaultValue 'close' */
  readonly end?: 'close' | 'reset'
  readonly api?: 'chat' | 'responses' | 'completions'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Parameters of the request beside model and messages. */
  readonly request?: Readonly<Record<string, unknown>>
  readonly options?: StreamgaugeOptions
  readonly redact?: keyof typeof REDACT
  /** How often it is played, one after the other. @defaultValue 1 */
  readonly times?: number
  /** Collects the metrics while the application has this many chunks. */
  readonly collectAfter?: number
  /** Everything in a span of the application's own. */
  readonly inSpan?: boolean
  readonly suppress?: boolean
  /** A log processor of the application throws. */
  readonly failingLogs?: boolean
  /** Milliseconds of real time before each read; for telling times apart, not for waiting. */
  readonly pauseMs?: number
  readonly baseURL?: string
  readonly model?: string
}

/** What came of it. */
export interface Replayed {
  readonly chunks: number
  readonly thrown?: string | undefined
  readonly spans: readonly ReplayedSpan[]
  readonly logs: readonly ReplayedLog[]
  readonly metrics: Readonly<Record<string, readonly Point[]>>
  readonly metricsMidStream?: Readonly<Record<string, readonly Point[]>> | undefined
  readonly units: Readonly<Record<string, string>>
  /** Span ids: of the application's own span, in `fetch`, and in the body of the loop. */
  readonly ownSpanId?: string | undefined
  readonly fetchSpanId?: string | undefined
  readonly loopSpanIds: readonly (string | undefined)[]
  readonly diag: readonly string[]
  readonly redacted: readonly { readonly text: string; readonly code: string }[]
}

export interface ReplayedSpan {
  readonly name: string
  readonly kind: number
  readonly spanId: string
  readonly traceId: string
  readonly parentSpanId?: string | undefined
  readonly attributes: Attributes
  readonly status: { readonly code: number; readonly message?: string }
  readonly events: readonly { readonly name: string; readonly attributes: Attributes; readonly timeMs: number }[]
  readonly startMs: number
  readonly endMs: number
  readonly scope: { readonly name: string; readonly version?: string }
}

export interface ReplayedLog {
  readonly eventName?: string | undefined
  readonly severityNumber?: number | undefined
  readonly severityText?: string | undefined
  readonly body: unknown
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
}

const redacted: { text: string; code: string }[] = []
const REDACT = {
  shout: (text: string, { code }: { code: string }) => {
    redacted.push({ text, code })
    return `REDACTED ${code}`
  },
  throw: () => {
    throw new Error('the hook failed')
  },
  number: () => 42 as unknown as string,
} as const

const replay = JSON.parse(process.argv[2] ?? '{}') as Replay
const messages: string[] = []
const note = (...parts: unknown[]): void => void messages.push(parts.map(String).join(' '))
diag.setLogger({ error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN)

const sdk = await loadSdk(replay.major)
const failing: LogRecordProcessor = {
  onEmit: () => {
    throw new Error('the processor failed')
  },
  forceFlush: async () => {},
  shutdown: async () => {},
}
const telemetry = setUpTelemetry(replay.failingLogs === true ? [failing] : [])
const hook = replay.redact === undefined ? {} : { redact: REDACT[replay.redact] }
instrumentOpenAI(sdk, { ...replay.options, ...hook } as OpenAIStreamInstrumentationConfig)

let fetchSpanId: string | undefined
const loopSpanIds: (string | undefined)[] = []
let chunks = 0
let thrown: string | undefined
let metricsMidStream: Replayed['metricsMidStream']

const own = replay.inSpan === true ? trace.getTracer('application').startSpan('own') : undefined
let around = context.active()
if (own !== undefined) around = trace.setSpan(around, own)
if (replay.suppress === true) around = suppressTracing(around)
for (let time = 0; time < (replay.times ?? 1); time++) await context.with(around, () => play(sdk, replay))
own?.end()

const { metrics, units } = await telemetry.allMetrics()
process.stdout.write(
  JSON.stringify({
    chunks,
    thrown,
    spans: telemetry.spans().map(plainSpan),
    logs: telemetry.logRecords().map(plainLog),
    metrics,
    metricsMidStream,
    units,
    ownSpanId: own?.spanContext().spanId,
    fetchSpanId,
    loopSpanIds,
    diag: messages,
    redacted,
  } satisfies Replayed),
)

async function play(
  { OpenAI }: Sdk,
  { api = 'chat', model = 'gpt-test', request, collectAfter }: Replay,
): Promise<void> {
  const openai = new OpenAI({
    apiKey: 'sk-proj-test0123456789abcdefghijklmnop',
    baseURL: replay.baseURL ?? 'http://llm.example:8080/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async () => {
      fetchSpanId = trace.getSpan(context.active())?.spanContext().spanId
      return new Response(bodyOf(replay), {
        status: replay.status ?? 200,
        headers: { 'content-type': 'text/event-stream', ...replay.headers },
      })
    },
  })
  const prompt = [{ role: 'user' as const, content: 'A secret prompt' }]
  try {
    const stream: AsyncIterable<unknown> =
      api === 'chat'
        ? await openai.chat.completions.create({ model, messages: prompt, stream: true, ...request })
        : api === 'completions'
          ? await openai.completions.create({ model, prompt: 'A secret prompt', stream: true, ...request })
          : await openai.responses.create({ model, input: 'A secret prompt', stream: true, ...request })
    for await (const _ of stream) {
      loopSpanIds.push(trace.getSpan(context.active())?.spanContext().spanId)
      if (++chunks === collectAfter) metricsMidStream = (await telemetry.allMetrics()).metrics
    }
  } catch (error) {
    thrown = `${(error as Error).constructor.name}: ${(error as Error).message}`
  }
}

function bodyOf({ reads, end = 'close', pauseMs = 0 }: Replay): ReadableStream<Uint8Array> {
  const left = [...reads]
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
        const next = left.shift()
        if (next !== undefined)
          return controller.enqueue(typeof next === 'string' ? Buffer.from(next) : Buffer.from(next.base64, 'base64'))
        if (end === 'close') return controller.close()
        const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
        controller.error(new TypeError('terminated', { cause }))
      },
    },
    { highWaterMark: 0 },
  )
}

function plainSpan(span: ReturnType<typeof telemetry.spans>[number]): ReplayedSpan {
  const toMs = ([seconds, nanoseconds]: readonly [number, number]): number => seconds * 1000 + nanoseconds / 1e6
  return {
    name: span.name,
    kind: span.kind,
    spanId: span.spanContext().spanId,
    traceId: span.spanContext().traceId,
    parentSpanId: span.parentSpanContext?.spanId,
    attributes: span.attributes,
    status: span.status,
    events: span.events.map(({ name, attributes = {}, time }) => ({ name, attributes, timeMs: toMs(time) })),
    startMs: toMs(span.startTime),
    endMs: toMs(span.endTime),
    scope: { name: span.instrumentationScope.name, version: span.instrumentationScope.version ?? '' },
  }
}

function plainLog(record: ReturnType<typeof telemetry.logRecords>[number]): ReplayedLog {
  return {
    eventName: record.eventName,
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: record.body,
    attributes: record.attributes,
    traceId: record.spanContext?.traceId,
    spanId: record.spanContext?.spanId,
  }
}
