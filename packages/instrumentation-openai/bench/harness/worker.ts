// The application that is measured: reads streams when it is told to, and says what that took of the processor.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenAI } from 'openai7'
import { answerWith, chunksOf, type Answer, type Source } from './answers.ts'
import { loadSubject } from './load-subject.ts'
import type { Failure } from './subject-process.ts'
import type { EndedSpan } from './subject.ts'

/** What to read. */
export interface Work extends Answer {
  readonly source: Source
  /** One after the other; all at once from a socket, where each comes at the server's pace. */
  readonly streams: number
  /** Of the server, for `socket`. */
  readonly serverUrl?: string
  /** The spans are asked for as well. */
  readonly isLook?: boolean
}

/** What it took. */
export interface Sample {
  /** Of all threads, the garbage collector's among them. */
  readonly cpuNs: number
  readonly wallNs: number
  /** Spans that ended meanwhile. */
  readonly spans: number
  /** They themselves, when they were asked for. */
  readonly ended?: readonly EndedSpan[]
}

const { OpenAI: Client, watch } = await loadSubject()

function clientOf(work: Work): OpenAI {
  const { source, serverUrl = '' } = work
  const answers =
    source === 'socket'
      ? { baseURL: `${serverUrl}/${work.pieces}/${work.isCut === true ? 'cut' : 'whole'}` }
      : { fetch: answerWith(source, work) }
  const client = new Client({ apiKey: 'bench', logLevel: 'off', maxRetries: 0, ...answers })
  return watch.wrap?.(client) ?? client
}

async function readOne(client: OpenAI, work: Work): Promise<void> {
  let seen = 0
  const stream = await client.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
  for await (const _ of stream) seen++
  if (seen !== chunksOf(work)) throw new Error(`${seen} chunks instead of ${chunksOf(work)}`)
}

async function read(work: Work): Promise<Sample> {
  const client = clientOf(work)
  const spansBefore = watch.spansEnded()
  const cpuBefore = process.cpuUsage()
  const wallBefore = process.hrtime.bigint()
  if (work.source === 'socket') await Promise.all(Array.from({ length: work.streams }, () => readOne(client, work)))
  else for (let i = 0; i < work.streams; i++) await readOne(client, work)
  // What reads a copy of the stream may still be at its last chunk.
  await nextTurn()
  const wallNs = Number(process.hrtime.bigint() - wallBefore)
  const { user, system } = process.cpuUsage(cpuBefore)
  const sample = { cpuNs: (user + system) * 1000, wallNs, spans: watch.spansEnded() - spansBefore }
  return work.isLook === true ? { ...sample, ended: watch.takeSpans() } : sample
}

process.on('message', (work: Work) => {
  const answer = (message: Sample | Failure): void => void process.send?.(message)
  void read(work).then(answer, (error: unknown) => answer({ failure: String(error) }))
})
process.send?.('ready')
