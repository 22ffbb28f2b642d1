import type { FoundStream } from '../../src/queries/find-streams.ts'

import { ATTR, GEN_AI } from '@streamgauge/core/semconv'

import { formatBytes, formatCount, formatMs } from '../text/units.ts'
import { valueText } from '../text/value-text.ts'
import { Card } from './card.tsx'
import { Text } from './text.tsx'

type Fact = readonly [string, string | null]

/** What HTTP said, and the figures of a stream. */
export function Facts({ stream }: { readonly stream: FoundStream }) {
  return (
    <div class="columns">
      <FactCard title="HTTP" facts={httpFacts(stream)} />
      <FactCard title="Figures" facts={figures(stream)} />
    </div>
  )
}

function FactCard({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== null)
  return (
    <Card title={title}>
      {known.length === 0 ? <p class="dim">Nothing is known.</p> : null}
      <dl class="facts">
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Text value={value} max={300} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function httpFacts({ attributes, host }: FoundStream): readonly Fact[] {
  const read = (name: string): string | null => valueText(attributes[name])
  const port = read(GEN_AI.SERVER_PORT)
  return [
    ['host', host === null ? null : host + (port === null ? '' : `:${port}`)],
    ['status', read(GEN_AI.HTTP_RESPONSE_STATUS_CODE)],
    ['content type', read(ATTR.HTTP_CONTENT_TYPE)],
    ['content encoding', read(ATTR.HTTP_CONTENT_ENCODING)],
    ['framing', read(ATTR.HTTP_FRAMING)],
    ['via', read(ATTR.HTTP_VIA)],
    ['hops seen', read(ATTR.HTTP_PROXIES)],
    ['attempts', read(ATTR.HTTP_ATTEMPTS)],
    ['response id', read(GEN_AI.RESPONSE_ID)],
    ['last sequence number', read(ATTR.LAST_SEQUENCE_NUMBER)],
  ]
}

function figures(stream: FoundStream): readonly Fact[] {
  const idle = stream.attributes[ATTR.CONSUMER_IDLE]
  return [
    ['lasted', formatMs(stream.durationMs)],
    ['first chunk after', stream.timeToFirstChunkMs === null ? null : formatMs(stream.timeToFirstChunkMs)],
    ['longest wait for bytes', stream.maxGapMs === null ? null : formatMs(stream.maxGapMs)],
    ['application busy', typeof idle === 'number' ? formatMs(idle * 1000) : null],
    ['reads', stream.reads === null ? null : formatCount(stream.reads)],
    ['events', stream.events === null ? null : formatCount(stream.events)],
    ['bytes', stream.bytes === null ? null : formatBytes(stream.bytes)],
    ['ended by', stream.end],
    ['finish reasons', stream.finishReasons.length === 0 ? null : stream.finishReasons.join(', ')],
    ['service', stream.service === '' ? null : stream.service],
  ]
}
