import { CopyButton } from './copy-button.tsx'
import { TourOffer } from './tour-offer.tsx'

/** What to do where there is nothing yet: the lines that point an application here. */
export function EmptyState() {
  const lines = [
    'npm install @streamgauge/instrumentation-openai @opentelemetry/api @opentelemetry/sdk-node',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`,
    'export STREAMGAUGE_CHUNK_SPANS=all   # each read on the timeline, not only those before a fault',
    'node --import @streamgauge/instrumentation-openai/register app.mjs',
  ]
  return (
    <section class="empty" aria-label="No streams yet">
      <h1>No streams yet</h1>
      <p>This page listens. Point an application here, and its streams appear as they end:</p>
      <pre tabIndex={0}>{lines.join('\n')}</pre>
      <CopyButton label="Copy these lines" text={() => lines.join('\n')} />
      <TourOffer />
    </section>
  )
}
