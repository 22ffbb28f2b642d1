// The instrumentation of OpenTelemetry for openai beside ours, and spans of frameworks around requests: prints as JSON what each
// told.
//
//   node other-instrumentation.ts <major> <base URL>
import { createRequire } from 'node:module'
import { context, trace, type Attributes } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import type { Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What was told of the requests of one step. */
export interface Told {
  readonly spans: readonly { readonly scope: string; readonly attributes: Attributes }[]
  /** Sums of all token metrics, by metric. */
  readonly tokens: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
}

const [, , major = '', baseURL = ''] = process.argv
const warnings: string[] = []
process.on('warning', ({ name, message }) => void (name === 'StreamgaugeWarning' && warnings.push(message)))
const telemetry = setUpTelemetry()
const contrib = new OpenAIInstrumentation()
registerInstrumentations({ instrumentations: [contrib, new OpenAIStreamInstrumentation()] })
const { OpenAI } = createRequire(import.meta.url)(`openai${major}`) as Sdk
const openai = new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' })
const messages = [{ role: 'user' as const, content: 'Hi' }]

async function ask(): Promise<void> {
  const usage = { stream_options: { include_usage: true } }
  for await (const _ of await openai.chat.completions.create({
    model: 'healthy:usage',
    messages,
    stream: true,
    ...usage,
  }));
  await openai.chat.completions.create({ model: 'healthy:plain', messages })
}

/** Asks within a span of somebody else's. */
async function askIn(scope: string, attributes: Attributes): Promise<void> {
  const span = trace.getTracer(scope).startSpan('parent', { attributes })
  await context.with(trace.setSpan(context.active(), span), ask)
  span.end()
}

async function tell(step: () => Promise<void>): Promise<Told> {
  telemetry.reset()
  const before = await tokenSums()
  await step()
  const after = await tokenSums()
  const tokens = Object.entries(after).map(([name, sum]) => [name, sum - (before[name] ?? 0)] as const)
  const spans = telemetry.spans().filter(({ name }) => name !== 'streamgauge.chunk')
  return {
    spans: spans.map(({ instrumentationScope, attributes }) => ({ scope: instrumentationScope.name, attributes })),
    tokens: Object.fromEntries(tokens.filter(([, sum]) => sum > 0)),
    warnings: warnings.splice(0),
  }
}

async function tokenSums(): Promise<Record<string, number>> {
  const { metrics } = await telemetry.allMetrics()
  const sumOf = (value: unknown): number =>
    typeof value === 'object' && value !== null && 'sum' in value ? Number(value.sum) : Number(value)
  return Object.fromEntries(
    Object.entries(metrics)
      .filter(([name]) => /token/.test(name))
      .map(([name, points]) => [name, points.reduce((sum, { value }) => sum + sumOf(value), 0)]),
  )
}

const steps: Record<string, Told> = {}
contrib.disable()
steps['alone'] = await tell(ask)
steps['in an agent'] = await tell(() => askIn('agents', { 'gen_ai.operation.name': 'invoke_agent' }))
steps['in a framework'] = await tell(() => askIn('framework', { 'gen_ai.operation.name': 'chat' }))
steps['in openinference'] = await tell(() => askIn('framework of Phoenix', { 'openinference.span.kind': 'LLM' }))
steps['alone again'] = await tell(ask)
contrib.enable()
steps['beside'] = await tell(ask)
steps['beside again'] = await tell(ask)
process.stdout.write(JSON.stringify(steps))
process.exit()
