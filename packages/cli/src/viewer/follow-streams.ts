import { listStreams, type Store, type StreamRow } from '@streamgauge/viewer'
import { escapeForTerminal } from '../print/escape.ts'
import { paint } from '../print/style.ts'
import { keepStart } from '../print/width.ts'
import { watchInput } from '../watch-input.ts'
import { outputGone } from '../watch-output.ts'

/**
 * Tells of each stream of any application that is pointed at the receiver, until the signal, or until nobody is there who
 * could read of them.
 */
export async function followStreams(store: Store, signal: AbortSignal): Promise<void> {
  const takeNew = findNewStreams(store)
  const unsubscribe = store.subscribe((event) => {
    if (event.type !== 'ingest' || event.streams === 0) return
    for (const stream of takeNew()) process.stdout.write(`${formatStream(stream)}\n`)
  })
  const ended = AbortSignal.any([signal, outputGone, await watchInput()])
  await new Promise<void>((resolve) => {
    if (ended.aborted) resolve()
    else ended.addEventListener('abort', () => resolve(), { once: true })
  })
  unsubscribe()
}

/** Of streams told apart, the newest so many. One that began before all of them is not told of. */
const MAX_KNOWN = 1000

/** Streams are listed as they began, and arrive as they end: so each call answers with those that were not there before. */
function findNewStreams(store: Store): () => readonly StreamRow[] {
  const list = (): readonly StreamRow[] => listStreams(store, { limit: MAX_KNOWN })
  const nameOf = ({ traceId, spanId }: StreamRow): string => `${traceId}/${spanId}`
  let known = new Set(list().map(nameOf))
  return () => {
    const streams = list()
    const found = streams.filter((stream) => !known.has(nameOf(stream)))
    known = new Set(streams.map(nameOf))
    return found
  }
}

function formatStream({ model, outcome, errorType, remedy }: StreamRow): string {
  const verdict = errorType === null ? outcome : `${outcome}: ${errorType}`
  const parts = [model ?? '?', verdict, ...(remedy === null ? [] : [remedy])]
  return paint(outcome === 'broken' ? 'red' : 'green', parts.map(formatPart).join('  '))
}

/** Most columns of a part of a line: any program may send a name of megabytes. */
const MAX_PART = 200

function formatPart(text: string): string {
  // One more, so that it is seen that there is more.
  return keepStart(escapeForTerminal(text.slice(0, MAX_PART + 1)), MAX_PART)
}
