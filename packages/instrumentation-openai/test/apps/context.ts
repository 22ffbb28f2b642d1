// Streams inside spans of the application's own, beside the real instrumentation of the HTTP client; prints as JSON what the
// application's code found to be active, and which span is below which.
//
//   node context.ts <major> <base URL> <base URL that refuses> <bare | watched | noManager>
import { context, metrics, propagation, ROOT_CONTEXT, trace, type Span } from '@opentelemetry/api'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { W3CBaggagePropagator } from '@opentelemetry/core'
import { METRIC } from '@streamgauge/core/semconv'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { createRequire } from 'node:module'
import { fetchInProcess } from './in-process.ts'
import { randomOf } from './random.ts'
import type { Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What one run found. */
export interface ContextResult {
  /** Names of what was active in the application's code, by where. */
  readonly active: Readonly<Record<string, readonly string[]>>
  /** The paths of all finished spans from the topmost down, by use. */
  readonly paths: Readonly<Record<string, readonly string[]>>
  /** Streams whose chunks were seen in a span of another one. */
  readonly mixed: number
  readonly attempts: readonly unknown[]
  readonly ended: number
}

const [, , major = '', baseURL = '', refusingURL = '', mode = ''] = process.argv
const telemetry = setUpTelemetry()
if (mode === 'noManager') context.disable()
propagation.setGlobalPropagator(new W3CBaggagePropagator())
registerInstrumentations({
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  meterProvider: metrics.getMeterProvider(),
})
// The instrumentation of node:http sees what is required after it: openai 4 is such.
const require = createRequire(import.meta.url)
const { OpenAI } = require(`openai${major}`) as Sdk
const { Stream } = require(`openai${major}/streaming`) as Sdk
if (mode !== 'bare') new OpenAIStreamInstrumentation().instrument({ OpenAI, Stream })

const tracer = trace.getTracer('application')
const messages = [{ role: 'user' as const, content: 'Hi' }]
type Client = InstanceType<Sdk['OpenAI']>
const openai = new OpenAI({ apiKey: 'test', baseURL, maxRetries: 2, logLevel: 'off' })
const active: Record<string, string[]> = {}

/** The span that the running code finds, by name. */
function activeName(): string {
  return (trace.getActiveSpan() as unknown as { readonly name?: string } | undefined)?.name ?? 'none'
}

function note(place: string): void {
  const names = (active[place] ??= [])
  const name = activeName()
  if (!names.includes(name)) names.push(name)
}

function open(client: Client, model = 'healthy:plain') {
  return client.chat.completions.create({ model, messages, stream: true })
}

function helpers(client: Client): Client['chat']['completions'] {
  const { beta } = client as unknown as { readonly beta: { readonly chat?: Client['chat'] } }
  return beta.chat?.completions ?? client.chat.completions
}

async function drain(place: string, stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) note(place)
  note(`${place}, after`)
}

const USES: Readonly<Record<string, () => Promise<unknown>>> = {
  iterated: async () => drain('for await', await open(openai)),
  tee: async () => {
    const [left, right] = (await open(openai)).tee()
    await Promise.all([drain('tee, left', left), drain('tee, right', right)])
  },
  readable: async () => drain('toReadableStream', (await open(openai)).toReadableStream()),
  with_response: async () => drain('withResponse', (await open(openai).withResponse()).data),
  chained: () => open(openai).then((stream) => drain('chained', stream)),
  helper: async () => {
    const helper = helpers(openai).stream({ model: 'healthy:plain', messages })
    helper.on('chunk', () => note('helper, chunk'))
    helper.on('end', () => note('helper, end'))
    await helper.done()
    note('helper, after')
  },
  // In another span than that in which it was asked for.
  elsewhere: async () => {
    const stream = await open(openai)
    await inSpan('elsewhere, reader', () => drain('elsewhere', stream))
  },
  answer: () => openai.chat.completions.create({ model: 'healthy:plain', messages }),
  retried: async () => {
    const refused = new OpenAI({ apiKey: 'test', baseURL: refusingURL, maxRetries: 1, logLevel: 'off' })
    await open(refused).catch(() => {})
  },
}

async function inSpan(name: string, run: () => Promise<unknown>): Promise<Span> {
  return tracer.startActiveSpan(name, async (span) => {
    await run()
    span.end()
    return span
  })
}

/** Many at once, each in a span and with a pace of its own: what they find active is their own span, and nothing else. */
async function playMany(): Promise<number> {
  const random = randomOf(7)
  let mixed = 0
  const client = new OpenAI({
    apiKey: 'test',
    baseURL: 'http://llm.example/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: fetchInProcess,
  })
  const one = async (own: string, pauses: number): Promise<void> => {
    for await (const _ of await open(client)) {
      if (activeName() !== own) mixed++
      for (let turn = 0; turn < pauses; turn++) await new Promise(setImmediate)
      if (activeName() !== own) mixed++
    }
  }
  const spans = Array.from({ length: 10 }, (_, at) =>
    inSpan(`many ${at}`, () =>
      Promise.all(Array.from({ length: 10 }, () => one(`many ${at}`, Math.floor(random() * 4)))),
    ),
  )
  await Promise.all(spans)
  return mixed
}

const paths: Record<string, readonly string[]> = {}
const attempts: unknown[] = []
for (const [name, use] of Object.entries(USES)) {
  telemetry.reset()
  const entry = propagation.createBaggage({ use: { value: name } })
  await context.with(propagation.setBaggage(ROOT_CONTEXT, entry), () => inSpan(name, use))
  await new Promise(setImmediate)
  paths[name] = pathsOf()
  attempts.push(...telemetry.spans().flatMap(({ attributes }) => attributes['streamgauge.http.attempts'] ?? []))
}
telemetry.reset()
const mixed = await playMany()
const many = pathsOf()
for (let at = 0; at < 10; at++) paths[`many ${at}`] = many.filter((path) => path.startsWith(`many ${at}`))
const ended = (await telemetry.points(METRIC.ENDED)).reduce((sum, { value }) => sum + Number(value), 0)
const result: ContextResult = { active, paths, mixed, attempts, ended }
process.stdout.write(JSON.stringify(result), () => process.exit())

function pathsOf(): string[] {
  const spans = telemetry.spans().filter(({ name }) => name !== 'streamgauge.chunk')
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]))
  const path = (id: string | undefined): string[] => {
    const span = id === undefined ? undefined : byId.get(id)
    return span === undefined ? [] : [...path(span.parentSpanContext?.spanId), span.name]
  }
  return spans.map((span) => path(span.spanContext().spanId).join(' > ')).toSorted()
}
