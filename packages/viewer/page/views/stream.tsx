import type { StreamAnswer } from '../../src/api/answers.ts'

import { useJson } from '../data/use-json.ts'
import { Anomalies } from '../parts/anomalies.tsx'
import { AttributeTable } from '../parts/attributes.tsx'
import { Card } from '../parts/card.tsx'
import { Chunk } from '../parts/chunk.tsx'
import { Facts } from '../parts/facts.tsx'
import { Failure } from '../parts/failure.tsx'
import { Outcome } from '../parts/outcome.tsx'
import { SpanTree } from '../parts/span-tree.tsx'
import { Text } from '../parts/text.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { formatMs, formatTime, plural } from '../text/units.ts'

/** One stream: why it stopped. */
export function Stream(props: { readonly traceId: string; readonly spanId: string; readonly version: number }) {
  // Its reads and its log may arrive after its span.
  const loading = useJson<StreamAnswer>(`/api/streams/${props.traceId}/${props.spanId}`, props.version)
  if (loading.state === 'loading') return <p class="dim loading">Loading…</p>
  if (loading.state === 'failed') {
    return (
      <div class="stream">
        <h1>This stream is not here</h1>
        <Failure message={loading.message} />
        <p>
          <a href="/streams">All streams</a>
        </p>
      </div>
    )
  }
  const { stream, reads, logs } = loading.answer
  return (
    <div class="stream">
      <p class="crumbs">
        <a href="/streams">Streams</a>
        <span class="dim"> / {stream.spanId}</span>
      </p>
      <div class="title-row">
        <h1>
          <Text value={stream.model ?? stream.name} max={100} />
        </h1>
        <p class="subtitle">
          <Outcome value={stream.outcome} />
          <span>
            <Text value={stream.host ?? 'unknown host'} max={100} />
          </span>
          <span>{formatTime(stream.startMs)}</span>
          <span>{formatMs(stream.durationMs)}</span>
        </p>
      </div>
      <Verdict answer={loading.answer} />
      <Chunk stream={stream} />
      <Timeline reads={reads} stream={stream} />
      <Anomalies answer={loading.answer} />
      <Facts stream={stream} />
      <SpanTree answer={loading.answer} />
      <Card title="All attributes">
        <details>
          <summary>{plural(Object.keys(stream.attributes).length, 'attribute')} of the span</summary>
          <AttributeTable attributes={stream.attributes} />
        </details>
        {logs.map(({ timeNanos, attributes }) => (
          <details key={timeNanos}>
            <summary>{plural(Object.keys(attributes).length, 'attribute')} of the fault's log event</summary>
            <AttributeTable attributes={attributes} />
          </details>
        ))}
      </Card>
    </div>
  )
}
