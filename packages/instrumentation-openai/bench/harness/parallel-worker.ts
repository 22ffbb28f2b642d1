// The application that is measured: reads many streams at the same time when it is told to, and says what that took of the
// processor.
import { answerWith, chunksOf, type Answer } from './answers.ts'
import { loadSubject } from './load-subject.ts'
import type { Failure } from './subject-process.ts'

/** What to read: so many streams in all, so many of them at the same time. */
export interface ParallelWork extends Answer {
  readonly streams: number
  readonly parallel: number
}

/** What it took. */
export interface ParallelSample {
  /** Processor time for a chunk, of all threads. */
  readonly cpuNs: number
  /** Spans that ended meanwhile. */
  readonly spans: number
}

const { OpenAI, watch } = await loadSubject()

async function readAll(work: ParallelWork): Promise<ParallelSample> {
  const { streams, parallel } = work
  const openai = new OpenAI({ apiKey: 'bench', fetch: answerWith('turns', work), logLevel: 'off' })
  const readOne = async (): Promise<void> => {
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    let seen = 0
    for await (const _ of stream) seen++
    if (seen !== chunksOf(work)) throw new Error(`${seen} chunks instead of ${chunksOf(work)}`)
  }
  const spansBefore = watch.spansEnded()
  const cpuBefore = process.cpuUsage()
  for (let begun = 0; begun < streams; begun += parallel) await Promise.all(Array.from({ length: parallel }, readOne))
  const { user, system } = process.cpuUsage(cpuBefore)
  return { cpuNs: ((user + system) * 1000) / (streams * chunksOf(work)), spans: watch.spansEnded() - spansBefore }
}

process.on('message', (work: ParallelWork) => {
  const answer = (message: ParallelSample | Failure): void => void process.send?.(message)
  void readAll(work).then(answer, (error: unknown) => answer({ failure: String(error) }))
})
process.send?.('ready')
