// The application whose streams are timed at their edges: until the first chunk is there, and from the last one to the end.
import { answerWith, chunksOf } from './answers.ts'
import { loadSubject } from './load-subject.ts'

/** How many streams. */
export interface Edges {
  readonly streams: number
  /** Pieces of each answer. */
  readonly pieces: number
}

/** Medians over the streams, in nanoseconds. */
export interface EdgesSample {
  /** From the request to the first chunk. */
  readonly firstChunkNs: number
  /** From asking for what comes after the last chunk to being told that nothing does. */
  readonly endNs: number
  readonly spans: number
}

const { OpenAI, watch } = await loadSubject()

async function run({ streams, pieces }: Edges): Promise<EdgesSample> {
  const openai = new OpenAI({ apiKey: 'bench', fetch: answerWith('queued', { pieces }), logLevel: 'off' })
  const spansBefore = watch.spansEnded()
  const firsts: number[] = []
  const ends: number[] = []
  for (let i = 0; i < streams; i++) {
    const askedAt = process.hrtime.bigint()
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    firsts.push(Number(process.hrtime.bigint() - askedAt))
    for (let chunk = 1; chunk < chunksOf({ pieces }); chunk++) await iterator.next()
    const lastAt = process.hrtime.bigint()
    const { done } = await iterator.next()
    ends.push(Number(process.hrtime.bigint() - lastAt))
    if (done !== true) throw new Error('more chunks than were sent')
  }
  return { firstChunkNs: median(firsts), endNs: median(ends), spans: watch.spansEnded() - spansBefore }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

process.on('message', (edges: Edges) => {
  void run(edges).then((sample) => process.send?.(sample))
})
process.send?.('ready')
