// Asks for answers that are not streamed, gets others, and prints as JSON what was told of each.
//
//   node plain-answer.ts <major> '<answers as JSON>' [bare]
import type { Attributes } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What a server answers. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The application asks for a stream. @defaultValue false */
  readonly stream?: boolean
}

/** What came of it. */
export interface PlainResult {
  /** What the application got, or what was thrown at it. */
  readonly seen: unknown
  /** Absent without instrumentation. */
  readonly span?: { readonly status: number; readonly attributes: Attributes }
}

const [, , major = '', answers = '[]', bare] = process.argv
const sdk = await loadSdk(Number(major))
const telemetry = setUpTelemetry()
if (bare === undefined) new OpenAIStreamInstrumentation({ rawChunk: 'full' }).instrument(sdk)

async function ask({ status, headers, body, stream = false }: PlainAnswer): Promise<PlainResult> {
  telemetry.reset()
  const answer = (): Promise<Response> => Promise.resolve(new Response(body, { status, headers }))
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    maxRetries: 0,
    logLevel: 'off',
    fetch: answer,
    baseURL: 'http://llm.example/v1',
  })
  let seen: unknown
  try {
    seen = await openai.chat.completions.create({ model: 'gpt-test', messages: [], stream })
  } catch (error) {
    seen = `${(error as Error).constructor.name}: ${(error as Error).message}`
  }
  if (bare !== undefined) return { seen }
  const { status: spanStatus, attributes } = telemetry.span()
  return { seen, span: { status: spanStatus.code, attributes } }
}

const results: PlainResult[] = []
for (const answer of JSON.parse(answers) as PlainAnswer[]) results.push(await ask(answer))
await telemetry.shutdown()
process.stdout.write(JSON.stringify(results))
