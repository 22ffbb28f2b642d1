// Asks through middleboxes with one major version of the SDK, many at once, and prints as JSON what was told of each.
//
//   node middleboxes.ts <major> <questions as JSON>
import type { Attributes } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { fetch as undiciFetch, ProxyAgent, type Dispatcher } from 'undici'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** One request, and how it is made. */
export interface Question {
  /** Unique; the model that is asked for. */
  readonly id: string
  readonly baseURL: string
  /** What the fault server is asked for. */
  readonly upstream: string
  readonly promptBytes: number
  readonly times: number
  /** A forward proxy to go through. */
  readonly proxy?: { readonly url: string; readonly tunnels: boolean } | undefined
}

/** What the application saw of the last request, and what was told of it. */
export interface Answered {
  readonly id: string
  readonly chunks: number
  readonly thrown?: string | undefined
  readonly attributes: Attributes
  /** Attributes of the span's events. */
  readonly events: readonly Attributes[]
}

const [, , major = '', json = '[]'] = process.argv
const questions = JSON.parse(json) as readonly Question[]
const sdk = await loadSdk(Number(major))
const telemetry = setUpTelemetry()
new OpenAIStreamInstrumentation({ stallThresholdMs: 3900 }).instrument(sdk)

function clientOf({ baseURL, proxy }: Question) {
  const options = { apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' as const }
  if (proxy === undefined) return new sdk.OpenAI(options)
  const dispatcher: Dispatcher = new ProxyAgent({ uri: proxy.url, proxyTunnel: proxy.tunnels })
  const fetch = ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown
  return new sdk.OpenAI({ ...options, fetch: fetch as typeof globalThis.fetch })
}

async function ask(question: Question): Promise<Answered> {
  const { id, upstream, promptBytes, times } = question
  const openai = clientOf(question)
  const content = 'x'.repeat(promptBytes)
  let chunks = 0
  let thrown: string | undefined
  for (let time = 0; time < times; time++) {
    chunks = 0
    thrown = undefined
    try {
      const body = { model: id, messages: [{ role: 'user' as const, content }], stream: true as const }
      const stream = await openai.chat.completions.create(body, { headers: { 'x-fault': upstream } })
      for await (const _ of stream) chunks++
    } catch (error) {
      thrown = `${(error as Error).constructor.name}: ${(error as Error).message}`
    }
  }
  const spans = telemetry.spans().filter(({ attributes }) => attributes['gen_ai.request.model'] === id)
  const last = spans.filter(({ name }) => name !== 'streamgauge.chunk').at(-1)
  const events = last?.events.map((event) => event.attributes ?? {}) ?? []
  return { id, chunks, thrown, attributes: last?.attributes ?? {}, events }
}

/** Streams open at once: few enough for their timing to hold. */
const CONCURRENCY = 64

const waiting = [...questions]
const answers: Answered[] = []
async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) answers.push(await ask(next))
}
await Promise.all(Array.from({ length: CONCURRENCY }, work))
// Connections that are kept alive would keep the process as well.
process.stdout.write(JSON.stringify(answers), () => process.exit())
