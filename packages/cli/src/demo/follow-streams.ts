import { listStreams, type Receiver } from '@streamgauge/viewer'
import { escapeForTerminal } from '../print/escape.ts'
import { paint } from '../print/style.ts'

/** After the tour the receiver stays: tells of each stream of any application that is pointed at it, until Ctrl-C. */
export async function followStreams(receiver: Receiver, signal: AbortSignal): Promise<void> {
  process.stdout.write(
    `\nListening on ${receiver.url}; point your own app here, Ctrl-C ends:\n` +
      `  OTEL_EXPORTER_OTLP_ENDPOINT=${receiver.url} OTEL_EXPORTER_OTLP_PROTOCOL=http/json \\\n` +
      '  node --import @streamgauge/instrumentation-openai/register app.mjs\n\n',
  )
  const unsubscribe = receiver.store.subscribe((event) => {
    if (event.type !== 'ingest' || event.streams === 0) return
    for (const stream of listStreams(receiver.store, { limit: event.streams })) {
      const verdict = stream.errorType === null ? stream.outcome : `${stream.outcome}: ${stream.errorType}`
      const text = `${stream.model ?? '?'}  ${verdict}${stream.remedy === null ? '' : `  ${stream.remedy}`}`
      process.stdout.write(`${paint(stream.outcome === 'broken' ? 'red' : 'green', escapeForTerminal(text))}\n`)
    }
  })
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  unsubscribe()
}
