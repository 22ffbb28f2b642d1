import type { OverviewAnswer } from '../../src/api/answers.ts'

import { formatCount, formatMs } from '../text/units.ts'

/** Most bars that are drawn; those beyond belong to telemetry of nonsense. */
const MAX_BARS = 64

/** Bars that there is room for at least: one alone would be a wall. */
const MIN_SLOTS = 10

/** Durations, in bars of which each is 1.4 times as long as the one before. */
export function Histogram({ of, name }: { readonly of: OverviewAnswer['longestGap']; readonly name: string }) {
  const bars = of.buckets.slice(-MAX_BARS)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const slots = Math.max(MIN_SLOTS, bars.length)
  const width = 100 / slots
  if (of.count === 0) return <p class="dim">None yet.</p>
  return (
    <figure class="histogram">
      <svg
        role="img"
        aria-label={`${name} of ${formatCount(of.count)} streams: half within ${formatMs(of.p50)}, 95 % within ${formatMs(of.p95)}`}
      >
        {bars.map(({ fromMs, toMs, count }, i) => (
          <rect
            key={fromMs}
            x={`${i * width + width * 0.06}%`}
            width={`${width * 0.88}%`}
            y={`${100 - barHeight(count, most)}%`}
            height={`${barHeight(count, most)}%`}
          >
            <title>{`${formatMs(fromMs)} to ${formatMs(toMs)}: ${formatCount(count)}`}</title>
          </rect>
        ))}
      </svg>
      <div class="axis" style={{ width: `${(bars.length / slots) * 100}%` }}>
        <span>{formatMs(bars[0]?.fromMs ?? null)}</span>
        <span>{formatMs(bars.at(-1)?.toMs ?? null)}</span>
      </div>
      <dl class="percentiles">
        {(['p50', 'p95', 'p99'] as const).map((key) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{formatMs(of[key])}</dd>
          </div>
        ))}
      </dl>
    </figure>
  )
}

function barHeight(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(2, (count / most) * 100)
}
