// Leaves streams and answers in every way an application can, and prints as JSON what the application saw of each and what
// was told of it.
//
//   node --expose-gc exits.ts <major> <base URL> [watched]
import { getEventListeners } from 'node:events'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { METRIC } from '@streamgauge/core/semconv'
import { EXITS, type Surroundings } from './exit-ways.ts'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** One way out. */
export interface ExitResult {
  readonly name: string
  /** What the application saw, with and without us alike. */
  readonly seen: unknown
  readonly rejections: readonly string[]
  /** Abort listeners left on the application's own signal. */
  readonly listeners: number
  /** Absent without instrumentation. */
  readonly told?: {
    readonly started: number
    readonly ended: number
    readonly spans: readonly {
      readonly name: string
      readonly status: number
      readonly attributes: Record<string, unknown>
    }[]
    /** Sum of the streams that are open. */
    readonly active: number
    /** Streams that ended, by outcome. */
    readonly outcomes: Record<string, number>
  }
}

/** Enough for a request that nobody awaited to begin. */
const FEW_TURNS = 5
/** Most turns that a collection is waited for; it comes within a few. */
const MAX_TURNS = 300

const [, , major = '', baseURL = '', watched] = process.argv
const sdk = await loadSdk(Number(major))
const rejections: string[] = []
process.on('unhandledRejection', (error) => rejections.push(String(error)))

const telemetry = watched === undefined ? undefined : setUpTelemetry()
if (telemetry !== undefined) new OpenAIStreamInstrumentation({ chunkTiming: 'all' }).instrument(sdk)

const results: ExitResult[] = []
for (const [name, leave] of Object.entries(EXITS)) results.push(await play(name, leave))
process.stdout.write(JSON.stringify(results))
process.exit()

async function play(name: string, leave: (around: Surroundings) => Promise<unknown>): Promise<ExitResult> {
  const abort = new AbortController()
  const openai = new sdk.OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' })
  const before = await outcomes()
  telemetry?.reset()
  const seen = await leave({ sdk, openai, abort, signal: abort.signal })
  await turnUntil(() => telemetry === undefined || telemetry.started() === telemetry.ended())
  const own = {
    name,
    seen,
    rejections: rejections.splice(0),
    listeners: getEventListeners(abort.signal, 'abort').length,
  }
  if (telemetry === undefined) return own
  const spans = telemetry
    .spans()
    .map((span) => ({ name: span.name, status: span.status.code, attributes: span.attributes }))
  const active = (await telemetry.points(METRIC.ACTIVE)).reduce((sum, { value }) => sum + Number(value), 0)
  const after = await outcomes()
  const grown = Object.entries(after).map(([outcome, count]) => [outcome, count - (before[outcome] ?? 0)] as const)
  const told = {
    started: telemetry.started(),
    ended: telemetry.ended(),
    spans,
    active,
    outcomes: Object.fromEntries(grown.filter(([, count]) => count > 0)),
  }
  return { ...own, told }
}

async function outcomes(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { attributes, value } of (await telemetry?.points(METRIC.ENDED)) ?? []) {
    const outcome = String(attributes['streamgauge.stream.outcome'])
    sums[outcome] = (sums[outcome] ?? 0) + Number(value)
  }
  return sums
}

/** Lets a few turns pass, then collects until it is so, or a bounded number of turns has passed. */
async function turnUntil(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < FEW_TURNS || (turn < MAX_TURNS && !isSo()); turn++) {
    if (turn >= FEW_TURNS) globalThis.gc?.()
    await new Promise(setImmediate)
  }
}
