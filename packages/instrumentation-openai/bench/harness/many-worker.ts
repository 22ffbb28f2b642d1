// The application with many streams at once: all of them open, a few getting a chunk in each turn of a timer.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Feed } from './answers.ts'
import { loadSubject } from './load-subject.ts'
import { readUsedMemory } from './used-memory.ts'

/** How many streams, and for how long. */
export interface Crowd {
  readonly streams: number
  /** Streams that get a chunk each time. */
  readonly fedAtOnce: number
  /** Times that some get a chunk. */
  readonly turns: number
  readonly turnMs: number
}

/** What it took. */
export interface CrowdSample {
  /** Memory of one stream more, in bytes: in the heap, and in buffers outside of it. */
  readonly bytesPerStream: number
  /** Of the event loop, in milliseconds. */
  readonly delayP50Ms: number
  readonly delayP99Ms: number
  readonly cpuNsPerChunk: number
  /** Spans that ended, when all streams had come to their end. */
  readonly spans: number
}

const { OpenAI, watch } = await loadSubject()

async function run({ streams, fedAtOnce, turns, turnMs }: Crowd): Promise<CrowdSample> {
  const feed = new Feed()
  const openai = new OpenAI({ apiKey: 'bench', fetch: () => feed.answer(), logLevel: 'off' })
  let seen = 0
  const readOne = async (): Promise<void> => {
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    for await (const _ of stream) seen++
  }
  const spansBefore = watch.spansEnded()
  const before = await readUsedMemory()
  const readers: Promise<void>[] = []
  for (let i = 0; i < streams; i++) {
    readers.push(readOne())
    // As requests come: not all in one turn.
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await feed.opened(streams)
  const bytesPerStream = ((await readUsedMemory()) - before) / streams
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const cpuBefore = process.cpuUsage()
  delay.enable()
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setTimeout(resolve, turnMs))
    feed.feed(fedAtOnce)
  }
  delay.disable()
  const { user, system } = process.cpuUsage(cpuBefore)
  feed.end()
  await Promise.all(readers)
  if (seen !== turns * fedAtOnce + streams) throw new Error(`${seen} chunks instead of ${turns * fedAtOnce + streams}`)
  return {
    bytesPerStream,
    delayP50Ms: delay.percentile(50) / 1e6,
    delayP99Ms: delay.percentile(99) / 1e6,
    cpuNsPerChunk: ((user + system) * 1000) / (turns * fedAtOnce),
    spans: watch.spansEnded() - spansBefore,
  }
}

process.on('message', (crowd: Crowd) => {
  // The first time, the compiler learns.
  void run({ ...crowd, streams: crowd.fedAtOnce * 10 })
    .then(() => run(crowd))
    .then((sample) => process.send?.(sample))
})
process.send?.('ready')
