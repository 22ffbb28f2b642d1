// Instrumentations that are registered, taken away, switched off and on, and made anew; prints as JSON how many spans a stream
// gave after each step, and the warnings.
//
//   node lifecycle.ts <major> <URL of a second copy of this package>
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { fetchInProcess } from './in-process.ts'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What a run found. */
export interface LifecycleResult {
  readonly spans: Readonly<Record<string, number>>
  readonly outcomes: Readonly<Record<string, readonly unknown[]>>
  readonly warnings: readonly string[]
  /** Fifty instrumentations later the SDK's method is the one that the first had put there. */
  readonly isPatchedOnce: boolean
}

const [, , major = '', copy = ''] = process.argv
const warnings: string[] = []
const note = (message: string): void => void warnings.push(message)
diag.setLogger(
  { error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} },
  { logLevel: DiagLogLevel.WARN },
)
const sdk = await loadSdk(Number(major))
const telemetry = setUpTelemetry()
const openai = new sdk.OpenAI({
  apiKey: 'test',
  baseURL: 'http://llm.example/v1',
  maxRetries: 0,
  logLevel: 'off',
  fetch: fetchInProcess,
})
const spans: Record<string, number> = {}
const outcomes: Record<string, readonly unknown[]> = {}

const open = () =>
  openai.chat.completions.create({
    model: 'healthy:plain',
    messages: [{ role: 'user' as const, content: 'Hi' }],
    stream: true,
  })

async function read(step: string): Promise<void> {
  telemetry.reset()
  for await (const _ of await open()) void _
  spans[step] = telemetry.spans().length
}

const first = new OpenAIStreamInstrumentation({ enabled: false })
first.instrument(sdk)
const unregister = registerInstrumentations({ instrumentations: [first] })
await read('off by option, registered')
first.enable()
await read('off by option, enabled')
first.setConfig({ enabled: true })
await read('on by setConfig')
first.setConfig({ enabled: false })
await read('off by setConfig')
first.setConfig({})
await read('on again by setConfig')
first.disable()
first.setConfig({ chunkSpans: 'off' })
await read('disabled, and other options')
first.enable()
await read('enabled')
unregister()
await read('unregistered')
registerInstrumentations({ instrumentations: [first] })()
await read('registered and unregistered')
first.enable()
await read('enabled after all')
first.disable()

const methodOf = (): unknown => (sdk.OpenAI.prototype as unknown as { readonly makeRequest: unknown }).makeRequest
const method = methodOf()
let last = first
for (let count = 0; count < 50; count++) {
  last.disable()
  last = new OpenAIStreamInstrumentation()
  last.instrument(sdk)
}
const isPatchedOnce = methodOf() === method
await read('the fiftieth')

// Switched off after the request was made, and before its stream was asked for.
telemetry.reset()
const promise = open()
await promise.asResponse()
last.disable()
for await (const _ of await promise) void _
outcomes['disabled before the stream'] = telemetry.spans().map((span) => span.attributes['streamgauge.stream.outcome'])
last.enable()

const { OpenAIStreamInstrumentation: OtherCopy } = (await import(copy)) as {
  readonly OpenAIStreamInstrumentation: typeof OpenAIStreamInstrumentation
}
const other = new OtherCopy()
other.instrument(sdk)
await read('two copies')
last.disable()
await read('the other copy')
last.enable()
await read('two copies again')
// A stream that is handed from one to the other while it is open.
telemetry.reset()
const iterator = (await open())[Symbol.asyncIterator]()
await iterator.next()
other.disable()
while ((await iterator.next()).done !== true);
outcomes['handed over in mid-stream'] = telemetry.spans().map((span) => span.attributes['streamgauge.stream.outcome'])
await read('the first copy')
last.disable()
await read('none')

const unknown = { stallTresholdMs: 5, colour: 'red' } as object
for (let count = 0; count < 2; count++) {
  new OpenAIStreamInstrumentation({ ...unknown, enabled: false }).setConfig({ ...unknown, enabled: false })
}
const result: LifecycleResult = { spans, outcomes, warnings, isPatchedOnce }
process.stdout.write(JSON.stringify(result), () => process.exit())
