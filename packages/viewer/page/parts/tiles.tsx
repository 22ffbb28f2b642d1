import type { OverviewAnswer, ParseErrorsAnswer } from '../../src/api/answers.ts'

import { formatCount, formatMs, formatShare, plural } from '../text/units.ts'

/** The figures that say how streams fare, at first sight. */
export function Tiles(props: { readonly overview: OverviewAnswer; readonly parseErrors: ParseErrorsAnswer | null }) {
  const { streams, outcomes, timeToFirstChunk, longestGap } = props.overview
  const broken = outcomes['broken'] ?? 0
  const { parseErrors = 0, ended = 0, budget = 0 } = props.parseErrors ?? {}
  const rate = ended === 0 ? null : parseErrors / ended
  return (
    <dl class="tiles">
      <Tile name="streams" value={formatCount(streams)} note={`${formatCount(outcomes['completed'] ?? 0)} completed`} />
      <Tile
        name="broken"
        tone={broken > 0 ? 'bad' : ''}
        value={formatShare(streams === 0 ? null : broken / streams)}
        note={plural(broken, 'stream')}
      />
      <Tile
        name="parse-error rate"
        tone={rate !== null && rate > budget ? 'bad' : ''}
        value={formatShare(rate)}
        note={rate === null ? 'no metrics yet' : `objective ${formatShare(budget)}`}
      />
      <Tile
        name="first chunk, p95"
        value={formatMs(timeToFirstChunk.p95)}
        note={`p50 ${formatMs(timeToFirstChunk.p50)}`}
      />
      <Tile name="longest gap, p95" value={formatMs(longestGap.p95)} note={`p50 ${formatMs(longestGap.p50)}`} />
    </dl>
  )
}

function Tile(props: { readonly name: string; readonly value: string; readonly note: string; readonly tone?: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.tone}>{props.value}</dd>
      <dd class="note">{props.note}</dd>
    </div>
  )
}
