import { listStreams, type Receiver, type Store, type StreamRow } from '@streamgauge/viewer'
import { escapeForTerminal } from '../print/escape.ts'
import { paint } from '../print/style.ts'

/** Says where the page is, and tells of each stream of any application that is pointed at the receiver, until Ctrl-C. */
export async function followStreams(receiver: Receiver, signal: AbortSignal): Promise<void> {
  process.stdout.write(
    `\nSee them on one page: ${receiver.url}\n` +
      `Listening on ${receiver.url}; point your own app here, Ctrl-C ends:\n` +
      `  OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url} \\\n` +
      '  node --import @streamgauge/instrumentation-openai/register app.mjs\n\n',
  )
  const takeNew = findNewStreams(receiver.store)
  const unsubscribe = receiver.store.subscribe((event) => {
    if (event.type !== 'ingest' || event.streams === 0) return
    for (const stream of takeNew()) process.stdout.write(`${formatStream(stream)}\n`)
  })
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
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
  const text = `${model ?? '?'}  ${verdict}${remedy === null ? '' : `  ${remedy}`}`
  return paint(outcome === 'broken' ? 'red' : 'green', escapeForTerminal(text))
}
