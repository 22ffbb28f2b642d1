import type { StreamAnswer } from '../../src/api/answers.ts'

import { toSpanTree } from '../text/span-tree.ts'
import { formatMs } from '../text/units.ts'
import { Card } from './card.tsx'
import { Text } from './text.tsx'

/** The trace that a stream is part of, as far as it arrived here. */
export function SpanTree({ answer }: { readonly answer: StreamAnswer }) {
  const { stream, spans } = answer
  const tree = toSpanTree(spans)
  const fromMs = Math.min(...tree.map(({ startMs }) => startMs))
  const toMs = Math.max(...tree.map(({ startMs, durationMs }) => startMs + durationMs))
  const percent = (ms: number): string => `${(ms / Math.max(0.001, toMs - fromMs)) * 100}%`
  return (
    <Card title="Trace" note={<code>{stream.traceId}</code>}>
      <table class="spans">
        <thead>
          <tr>
            <th scope="col">span</th>
            <th scope="col" class="number">
              lasted
            </th>
            <th scope="col" class="wide">
              when
            </th>
          </tr>
        </thead>
        <tbody>
          {tree.map((span) => (
            <tr key={span.spanId} class={span.spanId === stream.spanId ? 'this' : ''}>
              <th scope="row" style={{ paddingLeft: `${span.depth * 14 + 8}px` }}>
                {span.isStream && span.spanId !== stream.spanId ? (
                  <a href={`/streams/${stream.traceId}/${span.spanId}`}>
                    <Text value={span.name} max={80} />
                  </a>
                ) : (
                  <Text value={span.name} max={80} />
                )}
                {span.statusCode === 'error' ? <span class="bad"> error</span> : null}
              </th>
              <td class="number">{formatMs(span.durationMs)}</td>
              <td class="wide">
                <span class="when-bar" aria-hidden="true">
                  <i
                    class={span.statusCode === 'error' ? 'bad' : ''}
                    style={{ marginLeft: percent(span.startMs - fromMs), width: percent(span.durationMs) }}
                  />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
