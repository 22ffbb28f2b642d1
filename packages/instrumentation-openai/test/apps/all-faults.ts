// Asks for every stream of the fault server through one major version of the SDK, and prints as JSON what the application
// saw and what was told of it.
//
//   node all-faults.ts <major> <base URL> <version of HTTP> [watched]
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { FAULTS, HEALTHY, HTTP2_FAULTS, type Injector } from '@streamgauge/fault-server'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { consume, modelOf, type HttpVersion, type Seen } from './consume.ts'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** One stream. */
export interface FaultResult {
  readonly name: string
  readonly seen: Seen
  /** Absent without instrumentation. */
  readonly span?: {
    readonly attributes: ReadableSpan['attributes']
    readonly status: number
    readonly events: string[]
  }
  readonly logRecords?: number
}

/** Streams open at once: enough for them to mix if they could, few enough for their timing to hold. */
const CONCURRENCY = 4

const TIMED: ReadonlySet<string> = new Set(['stalled', 'buffered', 'coalesced'])

const [, , major = '', baseURL = '', version, watched] = process.argv
const http: HttpVersion = version === '2' ? 2 : 1
const sdk = await loadSdk(Number(major))
const rejections: string[] = []
process.on('unhandledRejection', (error) => rejections.push(String(error)))

async function run(): Promise<FaultResult[]> {
  if (watched === undefined)
    return playAll(sdk, async (injector) => ({
      name: injector.name,
      seen: await consume(sdk, baseURL, injector, http),
    }))
  const telemetry = setUpTelemetry()
  const instrumentation = new OpenAIStreamInstrumentation({ stallThresholdMs: 2200, chunkTiming: 'all' })
  instrumentation.instrument(sdk)
  const results = await playAll(sdk, async (injector) => {
    const seen = await consume(sdk, baseURL, injector, http)
    const spans = telemetry.spans().filter(({ attributes }) => attributes['gen_ai.request.model'] === modelOf(injector))
    const span = spans[0]
    if (spans.length !== 1 || span === undefined) throw new Error(`${spans.length} spans for ${injector.name}`)
    const records = telemetry
      .logRecords()
      .filter(({ attributes }) => attributes['gen_ai.request.model'] === modelOf(injector))
    return {
      name: injector.name,
      seen,
      span: { attributes: span.attributes, status: span.status.code, events: span.events.map(({ name }) => name) },
      logRecords: records.length,
    }
  })
  await telemetry.shutdown()
  return results
}

async function playAll(_: Sdk, play: (injector: Injector) => Promise<FaultResult>): Promise<FaultResult[]> {
  const all = [...HEALTHY, ...FAULTS, ...HTTP2_FAULTS].filter((injector) => (injector.http ?? http) === http)
  // What is told by its timing comes last: a process that reads many streams beside it has other reasons to be late.
  const isTimed = ({ expected: { anomalies = [] } }: Injector): boolean => anomalies.some((type) => TIMED.has(type))
  const waiting = [...all.filter((injector) => !isTimed(injector)), ...all.filter(isTimed)]
  const results: FaultResult[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await play(next))
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return results.toSorted((a, b) => a.name.localeCompare(b.name))
}

const results = await run()
process.stdout.write(JSON.stringify({ results, rejections }))
