// Makes calls with the versions of one major of the SDK, and prints as JSON what the application saw and what was told of it.
// Watched, it is to be started with `--import @streamgauge/instrumentation-openai/hook`.
//
//   node play-matrix.ts <faults | versions | http2 | within> <major> <base URL> [watched]
import { createRequire } from 'node:module'
import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api'
import type { SdkMajor } from '@streamgauge/fault-server'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { CALLS, titleOf, type Call } from './matrix/calls.ts'
import { fewMishapsOf, http2MishapsOf, mishapsOf, withinMishapsOf, type Mishap, type Wire } from './matrix/faults.ts'
import { play, type LoadedSdk, type Seen } from './matrix/play.ts'
import { runPool } from './pool.ts'
import { setUpTelemetry } from './telemetry.ts'

/** How a version is loaded. */
export type ModuleSystem = 'esm' | 'cjs'

/** One cell: a call, what happened to it, and in which SDK. */
export interface CellResult {
  /** The alias of the version, such as `openai4-oldest`. */
  readonly sdk: string
  readonly system: ModuleSystem
  readonly call: string
  readonly mishap: string
  /** Absent where this version has no such call. */
  readonly seen?: Seen
  /** Of requests; empty without instrumentation. */
  readonly spans: readonly SpanResult[]
}

/** What was told of one request. */
export interface SpanResult {
  readonly name: string
  readonly status: number
  readonly attributes: Readonly<Record<string, unknown>>
  /** How many times the fault was told as an event of the span, and as a log event. */
  readonly faultEvents: number
  readonly logRecords: number
  readonly chunkSpans: number
}

/** What one process prints. */
export interface MatrixRun {
  readonly cells: readonly CellResult[]
  readonly rejections: readonly string[]
  /** What openai 4 prints of events that it cannot read. */
  readonly printed: readonly string[]
}

/** Calls open at once: enough for them to mix if they could, few enough for their timing to hold. */
const CONCURRENCY = 6
/** The same, of those that rest on time. */
const TIMED_CONCURRENCY = 3

const [, , planName, majorText = '', baseURL = '', watched] = process.argv
const plan = planName as PlanName
const major = Number(majorText) as SdkMajor
const rejections: string[] = []
process.on('unhandledRejection', (error) => rejections.push(String(error)))
const printed: string[] = []
console.error = (...args: readonly unknown[]) => void printed.push(args.join(' '))

const isWatched = watched !== undefined
const telemetry = isWatched ? setUpTelemetry() : undefined
// Before the SDK is loaded: the hook finds it then.
const options = { chunkTiming: 'all', chunkSpans: plan === 'versions' ? 'all' : 'on_fault' } as const
const instrumentation = isWatched ? new OpenAIStreamInstrumentation(options) : undefined

const require = createRequire(import.meta.url)

async function load(sdk: string, system: ModuleSystem): Promise<LoadedSdk> {
  return (system === 'esm' ? await import(sdk) : require(sdk)) as LoadedSdk
}

/** All of them before the first call: a process that is busy loading sees what came meanwhile late, or not at all. */
async function loadAll(cells: readonly Cell[]): Promise<ReadonlyMap<string, LoadedSdk>> {
  const loaded = new Map<string, LoadedSdk>()
  for (const { sdk, system } of cells) {
    const key = `${sdk} ${system}`
    if (!loaded.has(key)) loaded.set(key, await load(sdk, system))
  }
  return loaded
}

interface Cell {
  readonly sdk: string
  readonly system: ModuleSystem
  readonly call: Call
  readonly mishap: Mishap
}

const LISTS = { faults: mishapsOf, versions: fewMishapsOf, http2: http2MishapsOf, within: withinMishapsOf }
const WIRES: Readonly<Partial<Record<PlanName, Wire>>> = { http2: 2, within: 'within' }

/** What a process plays. */
export type PlanName = keyof typeof LISTS

function listCells(): Cell[] {
  const newest = `openai${major}`
  const sdks = plan === 'versions' ? [newest, `${newest}-oldest`] : [newest]
  const systems: readonly ModuleSystem[] = plan === 'versions' ? ['esm', 'cjs'] : ['esm']
  return sdks.flatMap((sdk) =>
    systems.flatMap((system) =>
      CALLS.flatMap((call) => LISTS[plan](call, sdk).map((mishap) => ({ sdk, system, call, mishap }))),
    ),
  )
}

/** A response that can be retrieved: asked for by hand, so that nobody watches. */
async function makeResponse(): Promise<string> {
  if (WIRES[plan] !== undefined) return ''
  const body = JSON.stringify({ model: 'm', input: 'Hi' })
  const answer = await fetch(`${baseURL}/responses`, { method: 'POST', body })
  return ((await answer.json()) as { readonly id: string }).id
}

/** Each cell is a trace of its own, by which its spans and log records are found. */
const traceIdOf = (index: number): string => (index + 1).toString(16).padStart(32, '0')

async function playCell(
  { sdk, system, call, mishap }: Cell,
  index: number,
  responseId: string,
): Promise<Seen | undefined> {
  const loaded = sdks.get(`${sdk} ${system}`)
  if (loaded === undefined) throw new Error(`${sdk} was not loaded`)
  const playIt = (): Promise<Seen | undefined> =>
    play(loaded, call, mishap, { major, model: 'm', responseId }, baseURL, WIRES[plan] ?? 1)
  if (!isWatched) return playIt()
  const parent = { traceId: traceIdOf(index), spanId: '00000000000000aa', traceFlags: TraceFlags.SAMPLED }
  return context.with(trace.setSpanContext(ROOT_CONTEXT, parent), playIt)
}

function readSpans(index: number): SpanResult[] {
  const all = telemetry?.spans().filter((span) => span.spanContext().traceId === traceIdOf(index)) ?? []
  const records = telemetry?.logRecords().filter(({ spanContext }) => spanContext?.traceId === traceIdOf(index)) ?? []
  return all
    .filter(({ name }) => name !== 'streamgauge.chunk')
    .map((span) => {
      const { name, status, attributes, events } = span
      const { spanId } = span.spanContext()
      return {
        name,
        status: status.code,
        attributes,
        faultEvents: events.filter((event) => event.name === 'streamgauge.stream.fault').length,
        logRecords: records.filter((record) => record.spanContext?.spanId === spanId).length,
        chunkSpans: all.filter(({ parentSpanContext }) => parentSpanContext?.spanId === spanId).length,
      }
    })
}

const cells = listCells()
const sdks = await loadAll(cells)
const responseId = await makeResponse()
const seen: (Seen | undefined)[] = []
const playAll = (concurrency: number, phase: 'any' | 'timed' | 'stalled'): Promise<void> =>
  runPool(
    [...cells.entries()].filter(([, cell]) => phaseOf(cell) === phase),
    concurrency,
    async ([index, cell]) => {
      seen[index] = await playCell(cell, index, responseId)
    },
  )

/** What rests on when bytes come is played apart: a process that is busy with other streams sees them late. */
function phaseOf({ mishap: { injector } }: Cell): 'any' | 'timed' | 'stalled' {
  if (injector.client?.stallThresholdMs !== undefined) return 'stalled'
  return injector.expected.anomalies?.some((type) => type === 'buffered' || type === 'coalesced') ? 'timed' : 'any'
}

await playAll(CONCURRENCY, 'any')
await playAll(TIMED_CONCURRENCY, 'timed')
// With so short a threshold, other streams would stall on a busy machine.
const thresholds = cells.flatMap(({ mishap }) => mishap.injector.client?.stallThresholdMs ?? [])
if (thresholds.length > 0) instrumentation?.setConfig({ ...options, stallThresholdMs: Math.min(...thresholds) })
await playAll(TIMED_CONCURRENCY, 'stalled')
// What is still open now is told as left behind.
instrumentation?.finishOpen()
const results = cells.map(({ sdk, system, call, mishap }, index): CellResult => {
  const cell = { sdk, system, call: titleOf(call), mishap: mishap.name, spans: readSpans(index) }
  return seen[index] === undefined ? cell : { ...cell, seen: seen[index] }
})
await telemetry?.shutdown()
const run: MatrixRun = { cells: results, rejections, printed: printed.toSorted() }
process.stdout.write(JSON.stringify(run), () => process.exit())
