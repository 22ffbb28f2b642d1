import type { StreamAnswer } from '../../src/api/answers.ts'

import { ATTR } from '@streamgauge/core/semconv'

import { toTicket } from '../text/ticket.ts'
import { describeProgress, toVerdict } from '../text/verdict.ts'
import { WIRE_PICTURES } from '../text/wire-pictures.ts'
import { Confidence } from './confidence.tsx'
import { CopyButton } from './copy-button.tsx'
import { Prose } from './prose.tsx'
import { Text } from './text.tsx'
import { WirePicture } from './wire-picture.tsx'

/** What happened, how sure that is, and what to do. */
export function Verdict({ answer }: { readonly answer: StreamAnswer }) {
  const { stream, fault, anomalies } = answer
  const { tone, title, sentence } = toVerdict(answer)
  const codes = [...(fault === null ? [] : [fault.code]), ...anomalies.map(({ type }) => type)]
  const [shown] = codes
  const remedies = stream.remedy === null ? anomalies.map(({ remedy }) => remedy) : [stream.remedy]
  return (
    <section class={`verdict tone-${tone}`} aria-label="Verdict">
      <div class="what">
        <div>
          <h2>
            <Text value={title} max={80} />
          </h2>
          <p class="sentence">
            <Prose text={sentence} />
          </p>
          <p class="dim">{describeProgress(stream)}</p>
        </div>
        {shown === undefined ? null : (
          <WirePicture picture={WIRE_PICTURES[shown]} tone={fault === null ? 'anomaly' : 'fault'} />
        )}
      </div>
      {stream.cause === null && remedies.length === 0 ? null : (
        <dl class="why">
          {stream.cause === null ? null : <Why answer={answer} />}
          {remedies.length === 0 ? null : (
            <div>
              <dt>What to do</dt>
              {remedies.map((remedy) => (
                <dd key={remedy}>
                  <Prose text={remedy} max={400} />
                </dd>
              ))}
            </div>
          )}
        </dl>
      )}
      <div class="tools">
        <CopyButton label="Copy as ticket" text={() => toTicket(answer)} />
        {codes.map((code) => (
          <a key={code} class="button" href={`/explain/${code}`}>
            Explain {code}
          </a>
        ))}
        {answer.traceUrl === null ? null : (
          <a class="button" href={answer.traceUrl} target="_blank" rel="noreferrer">
            Trace in Grafana ↗
          </a>
        )}
      </div>
    </section>
  )
}

function Why({ answer }: { readonly answer: StreamAnswer }) {
  const { stream, causeMeaning, confidenceMeaning } = answer
  const evidence = stream.attributes[ATTR.CAUSE_EVIDENCE]
  return (
    <div>
      <dt>
        Why{' '}
        {stream.causeConfidence === null ? null : (
          <Confidence value={stream.causeConfidence} meaning={confidenceMeaning} />
        )}
      </dt>
      <dd>
        <code class="cause">
          <Text value={stream.cause ?? ''} max={60} />
        </code>{' '}
        {causeMeaning}
      </dd>
      {typeof evidence === 'string' ? (
        <dd class="dim">
          Evidence: <Text value={evidence} max={400} />
        </dd>
      ) : null}
      {confidenceMeaning === null ? null : <dd class="dim">{confidenceMeaning}</dd>}
    </div>
  )
}
