// The application that is measured: reads streams when it is told to, and says what that took of the processor.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OpenAI } from 'openai7'
import { answerWith, chunksOf, type Source } from './answers.ts'
import type { Start, Subject } from './subject.ts'

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

const subject = JSON.parse(process.argv[2] ?? '') as Subject
const require = createRequire(join(subject.folder, 'package.json'))
const { start } = (await import(subject.setup)) as { readonly start: Start }
const spansEnded = start(require, subject.options ?? {})
const folder = dirname(require.resolve(subject.openai))
const loaded = (
  subject.format === 'esm' ? await import(pathToFileURL(join(folder, 'index.mjs')).href) : require(subject.openai)
) as { readonly OpenAI: typeof OpenAI }

async function read({ source, streams, pieces }: Work): Promise<Sample> {
  const fetch = answerWith(source, pieces)
  const openai = new loaded.OpenAI({ apiKey: 'bench', fetch, logLevel: 'off' })
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
