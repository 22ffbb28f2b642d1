import type { OverviewAnswer } from '../../src/api/answers.ts'

import { endsOf, useRangeSelection } from '../data/use-range-selection.ts'
import { formatAxisTime, formatCount, plural } from '../text/units.ts'
import { orderOutcomes, outcomeClass } from './outcome.tsx'
import { roomFor, TimeChart } from './time-chart.tsx'

/** Narrowest part of a bar that stands for something, in percent of the height. */
const MIN_HEIGHT = 1.2

type Bucket = OverviewAnswer['time']['buckets'][number]

/** How streams ended over time, as stacked bars; a part of the time is chosen with the mouse or the keyboard. */
export function OutcomeChart(props: {
  readonly time: OverviewAnswer['time']
  readonly onChoose: (fromMs: number, toMs: number) => void
}) {
  const { bucketMs, buckets } = props.time
  const startMs = buckets[0]?.startMs ?? 0
  const bars = roomFor(buckets.length)
  const { range, handlers } = useRangeSelection(bars, (first, last) =>
    props.onChoose(Math.floor(startMs + first * bucketMs), Math.ceil(startMs + (last + 1) * bucketMs)),
  )
  const most = Math.max(1, ...buckets.map(countOf))
  const [first, last] = range === null ? [0, -1] : endsOf(range)
  const percent = (bar: number): string => `${(bar / bars) * 100}%`
  return (
    <>
      <TimeChart class="outcomes" {...{ startMs, bucketMs, bars }} marks={countMarks(most)}>
        <svg
          class={range === null ? '' : 'choosing'}
          role="listbox"
          aria-label="Streams over time: choose a part"
          aria-multiselectable="true"
          aria-activedescendant={range === null ? undefined : `bar-${range.head}`}
          tabIndex={0}
          {...handlers}
        >
          <g aria-hidden="true">
            {countMarks(most).map(({ at }) => (
              <line key={at} class="grid" x1="0" x2="100%" y1={`${100 - at * 100}%`} y2={`${100 - at * 100}%`} />
            ))}
          </g>
          {Array.from({ length: bars }, (_, i) => (
            <Bar
              key={i}
              {...{ bars, bucketMs, most, i }}
              isChosen={i >= first && i <= last}
              bucket={buckets[i] ?? { startMs: startMs + i * bucketMs, outcomes: {} }}
            />
          ))}
          {range === null ? null : (
            <rect
              class="chosen"
              aria-hidden="true"
              x={percent(first)}
              width={percent(last - first + 1)}
              y="0"
              height="100%"
            />
          )}
        </svg>
      </TimeChart>
      <p class="hint" role="status">
        {range === null
          ? 'Drag over the bars to look at a part of the time; with the keyboard, arrows, Shift and Enter.'
          : describeRange(buckets.slice(first, last + 1), startMs + first * bucketMs, startMs + (last + 1) * bucketMs)}
      </p>
    </>
  )
}

function describeRange(buckets: readonly Bucket[], fromMs: number, toMs: number): string {
  const streams = buckets.reduce((sum, bucket) => sum + countOf(bucket), 0)
  const broken = buckets.reduce((sum, { outcomes }) => sum + (outcomes['broken'] ?? 0), 0)
  const times = `${formatAxisTime(fromMs, 1)} to ${formatAxisTime(toMs, 1)}`
  return `${times}: ${plural(streams, 'stream')}, ${formatCount(broken)} broken.`
}

function countOf({ outcomes }: Bucket): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0)
}

/** The highest bar, and half of it where that is a whole number of streams. */
function countMarks(most: number): readonly { readonly at: number; readonly text: string }[] {
  const half = most % 2 === 0 ? [{ at: 0.5, text: formatCount(most / 2) }] : []
  return [{ at: 0, text: '0' }, ...half, { at: 1, text: formatCount(most) }]
}

interface BarProps {
  readonly bucket: Bucket
  readonly bucketMs: number
  readonly bars: number
  readonly most: number
  readonly i: number
  readonly isChosen: boolean
}

function Bar({ bucket, bucketMs, bars, most, i, isChosen }: BarProps) {
  const width = 100 / bars
  let y = 100
  const parts = orderOutcomes(Object.keys(bucket.outcomes)).map((name) => {
    const count = bucket.outcomes[name] ?? 0
    const height = Math.max(MIN_HEIGHT, (count / most) * 100)
    y -= height
    return { name, count, height, y: Math.max(0, y) }
  })
  const counts = parts.length === 0 ? 'no stream' : parts.map(({ name, count }) => `${name} ${count}`).join(', ')
  return (
    <g
      id={`bar-${i}`}
      role="option"
      aria-selected={isChosen}
      aria-label={`${formatAxisTime(bucket.startMs, bucketMs)}: ${counts}`}
    >
      <title>{`${formatAxisTime(bucket.startMs, bucketMs)}\n${counts}`}</title>
      <rect class="column" x={`${i * width}%`} width={`${width}%`} y="0" height="100%" />
      {parts.map(({ name, height, y: top }) => (
        <rect
          key={name}
          class={outcomeClass(name)}
          x={`${i * width + width * 0.1}%`}
          width={`${width * 0.8}%`}
          y={`${top}%`}
          height={`${height}%`}
        />
      ))}
    </g>
  )
}
