// Two instrumentations, and one that is switched off and on: prints as JSON what each told, and the warnings.
//
//   node two-instances.ts <major> <base URL>
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

const [, , major = '', baseURL = ''] = process.argv
const warnings: string[] = []
const note = (message: string): void => void warnings.push(message)
diag.setLogger({ error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN)
const sdk = await loadSdk(Number(major))
const telemetry = setUpTelemetry()
const openai = new sdk.OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' })
const spans: Record<string, number> = {}

const first = new OpenAIStreamInstrumentation()
first.instrument(sdk)
first.instrument(sdk)
const warningsAfterFirst = warnings.length
await read('on')
first.disable()
await read('off')
first.enable()
await read('on again')
const second = new OpenAIStreamInstrumentation()
second.instrument(sdk)
new OpenAIStreamInstrumentation({ enabled: false }).instrument(sdk)
await read('two')
// Who is disabled gives way to who waits, and waits when it is enabled again; nobody sees a request twice.
first.disable()
await read('handed over')
first.enable()
await read('both again')
second.disable()
await read('handed back')
// One that comes after all have left takes over as well.
first.disable()
const third = new OpenAIStreamInstrumentation()
third.instrument(sdk)
await read('a new one')
third.disable()
await read('none')
first.enable()

// What is open when it is switched off runs out as it would have.
telemetry.reset()
const stream = await open()
const iterator = stream[Symbol.asyncIterator]()
await iterator.next()
first.disable()
const endedByDisabling = telemetry.spans().length
let left = 0
while ((await iterator.next()).done !== true) left++
const outcomes = telemetry.spans().map(({ attributes }) => attributes['streamgauge.stream.outcome'])
// One that began unwatched stays so.
const unwatched = await open()
first.enable()
let chunks = 0
for await (const _ of unwatched) chunks++
const total = telemetry.started()

// Node.js would warn of the eleventh listener.
const many = Array.from({ length: 12 }, () => new OpenAIStreamInstrumentation())
const listeners = many.length === 12 ? process.listenerCount('beforeExit') : 0

process.stdout.write(
  JSON.stringify({ spans, warnings, warningsAfterFirst, endedByDisabling, outcomes, left, chunks, total, listeners }),
)

function open() {
  const messages = [{ role: 'user' as const, content: 'Hi' }]
  return openai.chat.completions.create({ model: 'healthy:plain', messages, stream: true })
}

async function read(name: string): Promise<void> {
  telemetry.reset()
  for await (const _ of await open()) void _
  spans[name] = telemetry.spans().length
}
