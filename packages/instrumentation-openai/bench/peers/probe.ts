import type { Source } from '../harness/answers.ts'
import { startServer } from '../harness/socket-source.ts'
import { startProcess } from '../harness/subject-process.ts'
import type { EndedSpan, Subject } from '../harness/subject.ts'
import type { Sample, Work } from '../harness/worker.ts'

/** What a subject makes of streams, told from the spans that it ended. */
export interface Findings {
  /** That are read to their end. */
  readonly spansPerStream: number
  /** In a few words. */
  readonly sees: string
  /** What its span says of an answer that ends in the middle. */
  readonly ofCut: string
}

const STREAMS = 4
/** A number that nothing else is likely to have. */
const PIECES = 137
/** The opening, the finish and `[DONE]` are events as well. */
const COUNTS: readonly unknown[] = [PIECES, PIECES + 1, PIECES + 2, PIECES + 3]

/**
 * Looks at what a subject emits.
 *
 * @throws Error when it changes a stream: the worker counts the chunks
 */
export async function probe(subject: Subject, source: Source): Promise<Findings> {
  const server = source === 'socket' ? await startServer() : undefined
  const process = await startProcess<Work, Sample>(subject, 'worker.ts')
  const work: Work = {
    source,
    streams: STREAMS,
    pieces: PIECES,
    isLook: true,
    ...(server && { serverUrl: server.url }),
  }
  try {
    const whole = await process.run(work)
    return {
      spansPerStream: whole.spans / STREAMS,
      sees: describe(whole.ended ?? []),
      ofCut: describeCut(await process.run({ ...work, isCut: true })),
    }
  } finally {
    process.stop()
    server?.stop()
  }
}

function describe(spans: readonly EndedSpan[]): string {
  if (spans.length === 0) return 'nothing'
  const attributes = spans.flatMap((span) => Object.entries(span.attributes))
  const names = [...attributes.map(([name]) => name), ...spans.flatMap(({ eventNames }) => eventNames)]
  const texts = attributes.map(([, value]) => JSON.stringify(value) ?? '')
  const found = [
    // Each piece is a token to those who count them for themselves.
    attributes.some(([name, value]) => !/token/i.test(name) && COUNTS.includes(Number(value))) && 'number of chunks',
    names.some((name) => /first|completion_?start/i.test(name)) && 'time to the first',
    texts.some((text) => /\bstop\b/.test(text)) && 'finish reason',
    texts.some((text) => text.includes(' word word')) && 'text',
  ].filter((fact) => fact !== false)
  return found.length === 0 ? 'request' : found.join(', ')
}

function describeCut({ spans, ended = [] }: Sample): string {
  if (spans === 0) return 'no span'
  const isMarked = ended.some(({ attributes, isError }) => isError || 'error.type' in attributes)
  return isMarked ? 'error' : 'unmarked'
}
