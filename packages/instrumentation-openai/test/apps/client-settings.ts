// Reads streams with clients that are set as snippets say, all at once, and prints as JSON what was told of each.
//
//   node client-settings.ts <major> <list of SettingToRead as JSON>
import type { Attributes } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { Agent, fetch } from 'undici'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** A stream to read. */
export interface SettingToRead {
  /** Unique; the model that is asked for. */
  readonly id: string
  /** What the fault server is asked for. */
  readonly upstream: string
  /** Makes a client `openai`, or reads the stream with the one that there is. */
  readonly snippet: string
}

/** Attributes of the span. */
export type SettingRead = Attributes

const [, , major = '', json = '[]'] = process.argv
const sdk = await loadSdk(Number(major))
type Client = InstanceType<typeof sdk.OpenAI>
const telemetry = setUpTelemetry()
new OpenAIStreamInstrumentation().instrument(sdk)

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor

async function read({ id, upstream, snippet }: SettingToRead): Promise<void> {
  class OpenAI extends sdk.OpenAI {
    constructor(options: ConstructorParameters<typeof sdk.OpenAI>[0]) {
      super({ logLevel: 'off', maxRetries: 0, defaultHeaders: { 'x-fault': upstream }, ...options })
    }
  }
  const request = { model: id, messages: [{ role: 'user' as const, content: 'Tell me about rivers.' }] }
  // A program has the imports; what is left of the snippet is its body.
  const body = snippet.replaceAll(/^import .*$/gm, '')
  const makesClient = body.includes('const openai =')
  const surroundings = {
    OpenAI,
    Agent,
    fetch,
    request,
    show: () => {},
    ...(makesClient ? {} : { openai: new OpenAI({}) }),
  }
  const paste = new AsyncFunction(...Object.keys(surroundings), `${body}\n${makesClient ? 'return openai' : ''}`)
  const openai = (await paste(...Object.values(surroundings))) as Client | undefined
  if (openai === undefined) return
  for await (const _ of await openai.chat.completions.create({ ...request, stream: true }));
}

const settings = JSON.parse(json) as readonly SettingToRead[]
await Promise.allSettled(settings.map(read))
const spans = telemetry.spans().filter(({ name }) => name !== 'streamgauge.chunk')
const found = settings.map(({ id }) => [
  id,
  spans.find(({ attributes }) => attributes['gen_ai.request.model'] === id)?.attributes ?? {},
])
// Connections that are kept alive would keep the process as well.
process.stdout.write(JSON.stringify(Object.fromEntries(found)), () => process.exit())
