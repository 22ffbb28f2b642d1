// The application that is measured: reads many streams at the same time when it is told to, and says what that took of the
// processor.
import { answerWith, chunksOf } from './answers.ts'
import { loadSubject } from './load-subject.ts'

/** What to read: so many streams in all, so many of them at the same time. */
export interface ParallelWork {
  readonly streams: number
  readonly parallel: number
  /** Pieces of each answer. */
  readonly pieces: number
}

/** What it took. */
export interface ParallelSample {
  /** Processor time for a chunk, of all threads. */
  readonly cpuNs: number
  /** Spans that ended meanwhile. */
  readonly spans: number
}

const { OpenAI, spansEnded } = await loadSubject()

async function readAll({ streams, parallel, pieces }: ParallelWork): Promise<ParallelSample> {
  const openai = new OpenAI({ apiKey: 'bench', fetch: answerWith('turns', pieces), logLevel: 'off' })
  const readOne = async (): Promise<void> => {
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    let seen = 0
    for await (const _ of stream) seen++
    if (seen !== chunksOf(pieces)) throw new Error(`${seen} chunks instead of ${chunksOf(pieces)}`)
  }
  const spansBefore = spansEnded()
  const cpuBefore = process.cpuUsage()
  for (let begun = 0; begun < streams; begun += parallel) await Promise.all(Array.from({ length: parallel }, readOne))
  const { user, system } = process.cpuUsage(cpuBefore)
  return { cpuNs: ((user + system) * 1000) / (streams * chunksOf(pieces)), spans: spansEnded() - spansBefore }
}

process.on('message', (work: ParallelWork) => {
  // What fails ends this process, and who waits for the answer is told by its exit code.
  void readAll(work).then((sample) => process.send?.(sample))
})
process.send?.('ready')
