// Reads the streams of a server, each in a way of its own, and prints as JSON which anomalies were told of.
//
//   node arrival.ts <major> <base URL> [without-context]
import diagnostics from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { context } from '@opentelemetry/api'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import { loadSdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** What came of each way of reading. */
export interface Arrival {
  readonly anomalies: Readonly<Record<string, readonly string[]>>
  /** Whether anybody listened for pieces of the wire: before, within and after the streams, and when it was switched off. */
  readonly heard: readonly boolean[]
}

const [, , major = '', baseURL = '', flag] = process.argv
const telemetry = setUpTelemetry()
if (flag === 'without-context') context.disable()
const sdk = await loadSdk(Number(major))
const instrumentation = new OpenAIStreamInstrumentation()
instrumentation.instrument(sdk)

const block = (ms: number): void => {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}
/** An application that reads answers whole before it hands them on. */
const readWhole: typeof fetch = async (...args) => {
  const response = await fetch(...args)
  return new Response(await response.text(), { headers: response.headers })
}

interface Way {
  readonly model: string
  readonly fetch?: typeof fetch
  /** While the first bytes are waited for. */
  readonly afterPull?: () => void
  readonly beforeFirst?: () => Promise<unknown>
  readonly afterEach?: () => Promise<unknown>
  /** The application has other things to do meanwhile. */
  readonly isBusy?: boolean
}

const WAYS: Readonly<Record<string, Way>> = {
  'a steady stream': { model: 'steady' },
  'a steady stream, the loop blocked after the headers': { model: 'steady', afterPull: () => block(1800) },
  'a steady stream, its consumer late': { model: 'steady', beforeFirst: () => sleep(1200) },
  'a steady stream, its consumer slow': { model: 'steady', afterEach: () => sleep(30) },
  'a steady stream, read whole by the application': { model: 'steady', fetch: readWhole },
  'a held stream': { model: 'held' },
  'a held stream, read whole by the application': { model: 'held', fetch: readWhole },
  'a held stream, the loop busy in many short turns': { model: 'held', isBusy: true },
  'a stream in bursts': { model: 'bursts' },
}

async function read(name: string, way: Way): Promise<void> {
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    baseURL,
    maxRetries: 0,
    ...(way.fetch === undefined ? {} : { fetch: way.fetch }),
  })
  const stream = await openai.chat.completions.create({ model: `${way.model}/${name}`, messages: [], stream: true })
  await way.beforeFirst?.()
  const work = way.isBusy === true ? setInterval(() => block(10), 30) : undefined
  // Timers come after what the headers brought with them.
  if (way.afterPull !== undefined) setTimeout(way.afterPull, 5)
  for await (const _ of stream) await way.afterEach?.()
  clearInterval(work)
}

const isAlone = ({ afterPull, isBusy }: Way): boolean => afterPull !== undefined || isBusy === true
const isHeard = (): boolean => diagnostics.hasSubscribers('undici:request:bodyChunkReceived')
const heard = [isHeard()]
for (const [name, way] of Object.entries(WAYS)) {
  // Those that block the loop would block the others.
  if (isAlone(way)) await read(name, way)
}
const others = Object.entries(WAYS).filter(([, way]) => !isAlone(way))
const reading = Promise.all(others.map(([name, way]) => read(name, way)))
await sleep(1)
heard.push(isHeard())
await reading
heard.push(isHeard())
instrumentation.disable()
heard.push(isHeard())
const anomalies = Object.fromEntries(
  telemetry
    .spans()
    .filter(({ name }) => name !== 'streamgauge.chunk')
    .map(({ name, attributes }) => [
      name.slice(name.indexOf('/') + 1),
      (attributes['streamgauge.stream.anomalies'] ?? []) as string[],
    ]),
)
await telemetry.shutdown()
process.stdout.write(JSON.stringify({ anomalies, heard } satisfies Arrival))
