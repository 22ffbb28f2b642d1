// The application that is measured: reads streams in one way, when it is told to, and says what that took of the processor.
import { answerWith, type Source } from './answer.ts'
import { SUBJECTS, type SubjectName } from './subjects.ts'

/** What to read, one stream after the other. */
export interface Work {
  readonly source: Source
  readonly streams: number
  /** Of each stream. */
  readonly chunks: number
}

const begin = SUBJECTS[process.argv[2] as SubjectName]

/** Nanoseconds of all threads, the garbage collector's among them. */
async function read({ source, streams, chunks }: Work): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < streams; i++) {
    let seen = 0
    for await (const _ of await begin(answerWith(source, chunks))) seen++
    if (seen !== chunks) throw new Error(`${seen} chunks instead of ${chunks}`)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}

process.on('message', (work: Work) => void read(work).then((cpuNs) => process.send?.(cpuNs)))
process.send?.('ready')
