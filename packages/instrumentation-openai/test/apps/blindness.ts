// Sends requests in every way that could look as if nobody watched them, then some that nobody watches: prints as JSON the
// warnings of each.
//
//   node blindness.ts <major> <other major>
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What was warned of in each step. */
export type Blindness = Readonly<Record<string, readonly string[]>>

const ANSWER = '{"id":"chatcmpl-7","object":"chat.completion","choices":[],"data":[]}'
const messages = [{ role: 'user' as const, content: 'Hi' }]

const [, , major = '', otherMajor = ''] = process.argv
const warnings: string[] = []
process.on('warning', ({ name, message }) => void (name === 'StreamgaugeWarning' && warnings.push(message)))
setUpTelemetry()
const sdk = await loadSdk(Number(major))
const instrumentation = new OpenAIStreamInstrumentation()
instrumentation.instrument(sdk)

/** By the model that is asked for, how often it was. */
const asked = new Map<string, number>()
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece: Buffer) => (body += piece.toString('utf8')))
  request.on('end', () => {
    const { model = '', stream = false } = (body === '' ? {} : JSON.parse(body)) as { model?: string; stream?: boolean }
    const times = (asked.get(model) ?? 0) + 1
    asked.set(model, times)
    if (model === 'busy' && times < 3) return response.writeHead(503, { 'retry-after-ms': '1' }).end('{}')
    if (model === 'moved' && request.url?.startsWith('/v1') === true) {
      return response.writeHead(307, { location: '/moved/chat/completions' }).end()
    }
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
    // Headers, and no body: openai 7 asks again.
    if (model === 'slow' && times === 1) return response.flushHeaders()
    response.end(
      stream ? 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n' : ANSWER,
    )
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`

function client({ OpenAI }: Sdk): InstanceType<Sdk['OpenAI']> {
  return new OpenAI({ apiKey: 'test', baseURL, maxRetries: 3, logLevel: 'off' })
}
const openai = client(sdk)
async function read(from = openai, model = 'm'): Promise<void> {
  for await (const _ of await from.chat.completions.create({ model, messages, stream: true }));
}

const STEPS: Readonly<Record<string, () => Promise<unknown>>> = {
  stream: () => read(),
  answer: () => openai.chat.completions.create({ model: 'm', messages }),
  retries: () => read(openai, 'busy'),
  // The others wait for the body for ever.
  'a body asked for again': async () =>
    major === '7' && (await openai.chat.completions.create({ model: 'slow', messages }, { timeout: 100 })),
  redirect: () => read(openai, 'moved'),
  'many at once': () => Promise.all(Array.from({ length: 20 }, () => read())),
  'no model run': async () => openai.models.list(),
  suppressed: () => context.with(suppressTracing(context.active()), () => read()),
  'without openai': async () => (await fetch(`${baseURL}/chat/completions`, { method: 'POST', body: '{}' })).text(),
  disabled: async () => {
    instrumentation.disable()
    await read()
    await read(client(await loadSdk(Number(otherMajor))))
    instrumentation.enable()
  },
  'another openai': async () => read(client(await loadSdk(Number(otherMajor)))),
  'another openai again': async () => read(client(await loadSdk(Number(otherMajor)))),
}

const told: Record<string, readonly string[]> = {}
for (const [name, step] of Object.entries(STEPS)) {
  await step()
  // Warnings come in the next turn.
  await new Promise(setImmediate)
  told[name] = warnings.splice(0)
}
process.stdout.write(JSON.stringify(told satisfies Blindness))
process.exit()
