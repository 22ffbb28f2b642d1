// The application whose allocation is measured: started with a young generation so large that nothing is collected meanwhile.
import { PerformanceObserver } from 'node:perf_hooks'
import { answerWith, chunksOf } from './answers.ts'
import { loadSubject } from './load-subject.ts'

/** What to read. */
export interface AllocationWork {
  readonly streams: number
  readonly pieces: number
}

/** Bytes of heap that were allocated. */
export interface Allocated {
  readonly bytes: number
}

const { OpenAI } = await loadSubject()
let collections = 0
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] })

async function read({ streams, pieces }: AllocationWork): Promise<Allocated> {
  const openai = new OpenAI({ apiKey: 'bench', fetch: answerWith('queued', { pieces }), logLevel: 'off' })
  await settle()
  const collectionsBefore = collections
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < streams; i++) {
    let seen = 0
    const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [], stream: true })
    for await (const _ of stream) seen++
    if (seen !== chunksOf({ pieces })) throw new Error(`${seen} chunks instead of ${chunksOf({ pieces })}`)
  }
  const bytes = process.memoryUsage().heapUsed - before
  await new Promise((resolve) => setImmediate(resolve))
  if (collections !== collectionsBefore) throw new Error('garbage was collected: the young generation is too small')
  return { bytes }
}

/** Observers are told of a collection some turns later. */
async function settle(): Promise<void> {
  globalThis.gc?.()
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 5))
}

process.on('message', (work: AllocationWork) => {
  void read(work).then((allocated) => process.send?.(allocated))
})
process.send?.('ready')
