// The application whose memory is measured: opens streams, reads a part of each, and goes on waiting for the rest.
import { loadSubject } from './load-subject.ts'
import { readUsedMemory } from './used-memory.ts'
import { answerWith } from './answers.ts'

/** What to open. */
export interface Hold {
  readonly streams: number
  /** Chunks that are read of each. */
  readonly chunks: number
}

/** Bytes that one more stream takes, in the heap of the language and in buffers outside of it. */
export interface Held {
  readonly bytes: number
}

const { OpenAI } = await loadSubject()
const open: unknown[] = []

async function hold({ streams, chunks }: Hold): Promise<Held> {
  const fetch = answerWith('never ends', { pieces: chunks })
  const openai = new OpenAI({ apiKey: 'bench', fetch, logLevel: 'off' })
  const openOne = async (): Promise<void> => {
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    const iterator = stream[Symbol.asyncIterator]()
    for (let i = 0; i < chunks; i++) await iterator.next()
    open.push(stream, iterator, iterator.next())
  }
  const before = await readUsedMemory()
  for (let i = 0; i < streams; i++) await openOne()
  const bytes = ((await readUsedMemory()) - before) / streams
  if (open.length < 3 * streams) throw new Error('not all are open')
  return { bytes }
}

process.on('message', (what: Hold) => {
  // The first time, the compiler takes memory of its own.
  void hold(what)
    .then(() => hold(what))
    .then((held) => process.send?.(held))
})
process.send?.('ready')
