// The application that is measured: reads streams when it is told to, and says what that took of the processor.
import { answerWith, chunksOf, type Source } from './answers.ts'
import { loadSubject } from './load-subject.ts'

/** What to read. */
export interface Work {
  readonly source: Source
  readonly streams: number
  /** Pieces of each answer. */
  readonly pieces: number
}

/** What it took. */
export interface Sample {
  /** Of all threads, the garbage collector's among them. */
  readonly cpuNs: number
  readonly wallNs: number
  /** Spans that ended meanwhile. */
  readonly spans: number
}

const { OpenAI, spansEnded } = await loadSubject()

async function read({ source, streams, pieces }: Work): Promise<Sample> {
  const fetch = answerWith(source, pieces)
  const openai = new OpenAI({ apiKey: 'bench', fetch, logLevel: 'off' })
  const spansBefore = spansEnded()
  const cpuBefore = process.cpuUsage()
  const wallBefore = process.hrtime.bigint()
  for (let i = 0; i < streams; i++) {
    let seen = 0
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    for await (const _ of stream) seen++
    if (seen !== chunksOf(pieces)) throw new Error(`${seen} chunks instead of ${chunksOf(pieces)}`)
  }
  const wallNs = Number(process.hrtime.bigint() - wallBefore)
  const { user, system } = process.cpuUsage(cpuBefore)
  return { cpuNs: (user + system) * 1000, wallNs, spans: spansEnded() - spansBefore }
}

process.on('message', (work: Work) => {
  // What fails ends this process, and who waits for the answer is told by its exit code.
  void read(work).then((sample) => process.send?.(sample))
})
process.send?.('ready')
