import type { ComponentChildren } from 'preact'

import { formatAxisTime } from '../text/units.ts'

/** Bars that a chart has room for at least: one alone would look like a wall. */
const MIN_BARS = 30

/** Most marks on the axis of time. */
const MAX_TIME_MARKS = 5

/** How many bars a chart has room for. */
export function roomFor(bars: number): number {
  return Math.max(MIN_BARS, bars)
}

/** A chart over time within its axes; what it holds is drawn in percent. */
export function TimeChart(props: {
  readonly class: string
  readonly startMs: number
  readonly bucketMs: number
  readonly bars: number
  /** Marks of the vertical axis, from 0 at the bottom to 1 at the top. */
  readonly marks: readonly { readonly at: number; readonly text: string }[]
  readonly children: ComponentChildren
}) {
  const { startMs, bucketMs, bars, marks, children } = props
  const step = Math.ceil(bars / MAX_TIME_MARKS)
  const times = Array.from({ length: Math.ceil(bars / step) }, (_, i) => i * step)
  return (
    <figure class={`time-chart ${props.class}`}>
      <div class="scale" aria-hidden="true">
        {marks.map(({ at, text }) => (
          <span key={text} style={{ bottom: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
      <div class="plot">{children}</div>
      <div class="times" aria-hidden="true">
        {times.map((bar) => (
          <span key={bar} style={{ left: `${(bar / bars) * 100}%` }}>
            {formatAxisTime(startMs + bar * bucketMs, bucketMs)}
          </span>
        ))}
      </div>
    </figure>
  )
}
