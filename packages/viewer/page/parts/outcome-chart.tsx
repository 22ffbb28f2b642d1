import type { OverviewAnswer } from '../../src/api/answers.ts'

import { formatTime, plural } from '../text/units.ts'
import { orderOutcomes, outcomeClass } from './outcome.tsx'

/** Narrowest part of a bar that stands for something, in percent of the height. */
const MIN_HEIGHT = 1.2

/** How streams ended over time, as stacked bars. */
export function OutcomeChart({ time }: { readonly time: OverviewAnswer['time'] }) {
  const { buckets, bucketMs } = time
  const totals = buckets.map(({ outcomes }) => Object.values(outcomes).reduce((sum, count) => sum + count, 0))
  const most = Math.max(1, ...totals)
  const names = orderOutcomes(buckets.flatMap(({ outcomes }) => Object.keys(outcomes)))
  const width = 100 / Math.max(12, buckets.length)
  const sum = totals.reduce((all, one) => all + one, 0)
  return (
    <figure class="outcome-chart">
      <div class="plot">
        <span class="scale">{most}</span>
        <svg
          role="img"
          aria-label={`${plural(sum, 'stream')} over time, in ${buckets.length} bars of ${bucketMs / 1000} s`}
        >
          {[25, 50, 75].map((y) => (
            <line key={y} class="grid" x1="0" x2="100%" y1={`${y}%`} y2={`${y}%`} />
          ))}
          {buckets.map((bucket, i) => (
            <Bar key={bucket.startMs} {...{ bucket, names, most, x: i * width, width }} />
          ))}
        </svg>
      </div>
      <div class="axis">
        <span>{formatTime(buckets[0]?.startMs ?? Number.NaN)}</span>
        <span>{formatTime((buckets.at(-1)?.startMs ?? Number.NaN) + bucketMs)}</span>
      </div>
    </figure>
  )
}

interface BarProps {
  readonly bucket: OverviewAnswer['time']['buckets'][number]
  readonly names: readonly string[]
  readonly most: number
  readonly x: number
  readonly width: number
}

function Bar({ bucket, names, most, x, width }: BarProps) {
  let y = 100
  const parts = names
    .filter((name) => (bucket.outcomes[name] ?? 0) > 0)
    .map((name) => {
      const count = bucket.outcomes[name] ?? 0
      const height = Math.max(MIN_HEIGHT, (count / most) * 100)
      y -= height
      return { name, count, height, y: Math.max(0, y) }
    })
  const title = [formatTime(bucket.startMs), ...parts.map(({ name, count }) => `${name} ${count}`)].join('\n')
  return (
    <g>
      <title>{title}</title>
      {parts.map(({ name, height, y: top }) => (
        <rect
          key={name}
          class={outcomeClass(name)}
          x={`${x + width * 0.08}%`}
          width={`${width * 0.84}%`}
          y={`${top}%`}
          height={`${height}%`}
        />
      ))}
    </g>
  )
}
