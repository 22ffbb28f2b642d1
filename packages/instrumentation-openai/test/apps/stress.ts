// Starts and drops thousands of streams in every way at once, and prints as JSON what is left of them.
//
//   node --expose-gc stress.ts <major> <seed> <streams of a round> <rounds> <base URL | in-process> <bare | watched> [way]
import { getEventListeners } from 'node:events'
import { METRIC } from '@streamgauge/core/semconv'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { fetchInProcess } from './in-process.ts'
import { pick, randomOf } from './random.ts'
import { loadSdk } from './sdks.ts'
import { RACING, WAITING_IN_4, WAYS } from './stress-ways.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What is left after all rounds. */
export interface StressResult {
  /** What the application saw of each stream, where that does not depend on what came first. */
  readonly seen: readonly string[]
  /** Rejections that nobody handled, of each round. */
  readonly rejections: readonly Readonly<Record<string, number>>[]
  readonly warnings: readonly string[]
  /** Listeners on the signals of single streams, and on the one that all streams of a process are given. */
  readonly listeners: readonly [single: number, shared: number]
  /** Listeners of the process after the first round and after the last. */
  readonly processListeners: readonly [first: number, last: number]
  /** Bytes in use after each round and a collection. */
  readonly heap: readonly number[]
  /** Absent without instrumentation. */
  readonly told?: {
    readonly started: number
    readonly ended: number
    readonly active: number
    readonly outcomes: number
  }
}

/** Streams open at once. */
const CONCURRENCY = 64
/** Most turns that a collection is waited for; it comes within a few. */
const MAX_TURNS = 500

const [, , major = '', seed = '', perRound = '', rounds = '', baseURL = '', mode = '', only] = process.argv
const sdk = await loadSdk(Number(major))
const rejections: Record<string, number>[] = []
process.on('unhandledRejection', (error) => {
  const counts = (rejections[heap.length] ??= {})
  const name = String(error)
  counts[name] = (counts[name] ?? 0) + 1
})
const warnings: string[] = []
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`))
// openai 4 says itself what it could not parse.
console.error = () => {}

const telemetry = mode === 'watched' ? setUpTelemetry() : undefined
if (telemetry !== undefined) new OpenAIStreamInstrumentation({ chunkTiming: 'all' }).instrument(sdk)

const isInProcess = baseURL === 'in-process'
const openai = new sdk.OpenAI({
  apiKey: 'test',
  baseURL: isInProcess ? 'http://llm.example/v1' : baseURL,
  // Each failing request is sent twice where that takes no time.
  maxRetries: isInProcess ? 1 : 0,
  logLevel: 'off',
  ...(isInProcess ? { fetch: fetchInProcess } : {}),
})

const ways = Object.keys(WAYS).filter((way) => isInProcess || major !== '4' || !WAITING_IN_4.has(way))
const seen: string[] = []
const shutdown = new AbortController().signal
const signals: WeakRef<AbortSignal>[] = []
const heap: number[] = []
const processListeners: number[] = []
let started = 0
let ended = 0
for (let round = 0; round < Number(rounds); round++) {
  await play(round)
  await settle()
  started += telemetry?.started() ?? 0
  ended += telemetry?.ended() ?? 0
  telemetry?.reset()
  globalThis.gc?.()
  heap.push(process.memoryUsage().heapUsed)
  processListeners.push(process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0))
}
const [first = 0] = processListeners
const own = {
  seen,
  rejections,
  warnings,
  listeners: [
    signals.reduce((total, ref) => total + countListeners(ref.deref()), 0),
    countListeners(shutdown),
  ] as const,
  processListeners: [first, processListeners.at(-1) ?? 0] as const,
  heap,
}
const sum = async (metric: string): Promise<number> =>
  ((await telemetry?.points(metric)) ?? []).reduce((total, { value }) => total + Number(value), 0)
const told = { started, ended, active: await sum(METRIC.ACTIVE), outcomes: await sum(METRIC.ENDED) }
const result: StressResult = telemetry === undefined ? own : { ...own, told }
process.stdout.write(JSON.stringify(result), () => process.exit())

async function play(round: number): Promise<void> {
  const count = Number(perRound)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = round * count + next++
      await leave(index)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
}

async function leave(index: number): Promise<void> {
  const random = randomOf(Number(seed) * 1_000_003 + index)
  const way = only ?? pick(random, ways)
  const abort = new AbortController()
  signals.push(new WeakRef(abort.signal))
  const left = await outcomeOf(WAYS[way]?.({ openai, random, abort, shutdown }))
  // Few are kept: what the application holds is no leak of anybody's.
  if (index < 500) seen[index] = RACING.has(way) ? way : `${way}: ${left}`
}

async function outcomeOf(promise: Promise<unknown> | undefined): Promise<string> {
  try {
    return JSON.stringify(await promise) ?? 'nothing'
  } catch (error) {
    const { constructor, message } = error as Error
    return `${constructor.name}: ${message}`
  }
}

/** Collects until nothing is open any more, or a bounded number of turns has passed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20 || (turn < MAX_TURNS && telemetry?.started() !== telemetry?.ended()); turn++) {
    globalThis.gc?.()
    await new Promise(setImmediate)
  }
}

function countListeners(signal: AbortSignal | undefined): number {
  return signal === undefined ? 0 : getEventListeners(signal, 'abort').length
}
