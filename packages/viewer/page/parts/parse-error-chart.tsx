import type { ParseErrorsAnswer } from '../../src/api/answers.ts'

import { ratePlace } from '../text/rate-place.ts'
import { formatAxisTime, formatShare, plural } from '../text/units.ts'
import { Card } from './card.tsx'
import { roomFor, TimeChart } from './time-chart.tsx'

const MARKS = ['0.01 %', '0.1 %', '1 %', '10 %', '100 %'].map((text, i, { length }) => ({ at: i / (length - 1), text }))

/** The parse-error rate over time against its objective. */
export function ParseErrorChart({ parseErrors }: { readonly parseErrors: ParseErrorsAnswer }) {
  const { budget, ended, time } = parseErrors
  const { bucketMs, buckets } = time
  const bars = roomFor(buckets.length)
  return (
    <Card title="Parse-error rate" note={describeRate(parseErrors)}>
      {ended === 0 ? (
        <p class="dim">No metrics of streams that ended yet: applications send them once a minute, or at their end.</p>
      ) : (
        <TimeChart class="rates" {...{ bucketMs, bars }} startMs={buckets[0]?.startMs ?? 0} marks={MARKS}>
          <svg role="img" aria-label={`Parse-error rate over time: ${describeRate(parseErrors)}`}>
            {MARKS.map(({ at }) => (
              <line key={at} class="grid" x1="0" x2="100%" y1={`${100 - at * 100}%`} y2={`${100 - at * 100}%`} />
            ))}
            {buckets.map((bucket, i) => (
              <Rate key={bucket.startMs} {...{ bucket, bucketMs, budget, bars, i }} />
            ))}
            <line
              class="objective"
              x1="0"
              x2="100%"
              y1={`${100 - ratePlace(budget) * 100}%`}
              y2={`${100 - ratePlace(budget) * 100}%`}
            />
          </svg>
        </TimeChart>
      )}
      <p class="legend small">
        <span class="key objective">objective, at most {formatShare(budget)}</span>
        <span class="key above">above it</span>
        <span class="key below">within it</span>
        <span class="dim">errors per stream that ended, as counted by the applications</span>
      </p>
    </Card>
  )
}

function describeRate({ parseErrors, ended, budget }: ParseErrorsAnswer): string {
  if (ended === 0) return 'no metrics yet'
  const rate = parseErrors / ended
  const times =
    rate > budget ? `, ${(rate / budget).toFixed(rate < budget * 10 ? 1 : 0)} times what the objective allows` : ''
  return `${plural(parseErrors, 'error')} in ${plural(ended, 'stream')}${times}`
}

function Rate(props: {
  readonly bucket: ParseErrorsAnswer['time']['buckets'][number]
  readonly bucketMs: number
  readonly budget: number
  readonly bars: number
  readonly i: number
}) {
  const { bucket, bucketMs, budget, bars, i } = props
  const { parseErrors, ended, startMs } = bucket
  if (ended === 0 && parseErrors === 0) return null
  // Errors of streams that are still running: each of these streams has one at least.
  const rate = ended === 0 ? 1 : parseErrors / ended
  const place = ratePlace(rate) * 100
  const width = 100 / bars
  const x = { x: `${i * width + width * 0.1}%`, width: `${width * 0.8}%` }
  return (
    <g class={rate > budget ? 'above' : 'below'}>
      <title>{`${formatAxisTime(startMs, bucketMs)}\n${plural(parseErrors, 'error')} in ${plural(ended, 'stream')}: ${formatShare(rate)}`}</title>
      <rect class="stem" {...x} y={`${100 - place}%`} height={`${place}%`} />
      <rect {...x} y={`${Math.min(98, 100 - place)}%`} height="2%" />
    </g>
  )
}
