import type { StreamAnswer } from '../../src/api/answers.ts'

import { ATTR, EVENT } from '@streamgauge/core/semconv'

import { formatMs } from '../text/units.ts'
import { AttributeTable } from './attributes.tsx'
import { Card } from './card.tsx'
import { Prose } from './prose.tsx'
import { Text } from './text.tsx'

/** What was odd about a stream, and the other events of its span. */
export function Anomalies({ answer }: { readonly answer: StreamAnswer }) {
  const { stream, anomalies } = answer
  const since = BigInt(stream.startNanos)
  const shown = stream.spanEvents.filter(({ name }) => name !== EVENT.FAULT)
  if (shown.length === 0 && anomalies.length === 0) return null
  return (
    <Card title="Anomalies" note="none of them ended the stream">
      <ul class="anomalies">
        {shown.map((event, i) => {
          const type = event.attributes[ATTR.ANOMALY_TYPE]
          const known = anomalies.find((one) => one.type === type)
          const at = Number(BigInt(event.timeNanos) - since) / 1e6
          return (
            <li key={i}>
              <p>
                <b class="mono">
                  <Text value={typeof type === 'string' ? type : event.name} max={80} />
                </b>{' '}
                <span class="dim">at {formatMs(at)}</span>
              </p>
              {known === undefined ? null : (
                <p>
                  <Prose text={`${known.meaning} ${known.remedy}`} />
                </p>
              )}
              <details>
                <summary>Attributes</summary>
                <AttributeTable attributes={event.attributes} />
              </details>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
