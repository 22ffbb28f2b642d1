import type { OverviewAnswer } from '../../src/api/answers.ts'

import { useMemo, useState } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { Card } from '../parts/card.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Failure } from '../parts/failure.tsx'
import { GroupTable } from '../parts/group-table.tsx'
import { Histogram } from '../parts/histogram.tsx'
import { OutcomeChart } from '../parts/outcome-chart.tsx'
import { orderOutcomes, Outcome } from '../parts/outcome.tsx'
import { Text } from '../parts/text.tsx'
import { address, navigate } from '../router.ts'
import { formatCount, formatMs, formatShare, plural } from '../text/units.ts'

const RANGES = [
  ['', 'All time'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last day'],
] as const

const RANGE_MS: Readonly<Record<string, number>> = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000 }

/** How the streams fare, all together. */
export function Overview({ query, version }: { readonly query: URLSearchParams; readonly version: number }) {
  const range = query.get('range') ?? ''
  // The range moves on with each look, not with each rendering.
  const since = useMemo(() => (RANGE_MS[range] === undefined ? 0 : Date.now() - RANGE_MS[range]), [range, version])
  const loading = useJson<OverviewAnswer>('/api/overview', version)
  const within = useJson<OverviewAnswer>(since === 0 ? '/api/overview' : `/api/overview?since=${since}`, version)
  if (loading.state === 'failed') return <Failure message={loading.message} />
  if (loading.state === 'loading') return <p class="dim loading">Loading…</p>
  if (loading.answer.streams === 0) return <EmptyState />
  const overview = within.state === 'ready' ? within.answer : loading.answer
  return (
    <div class="overview">
      <div class="title-row">
        <h1>Overview</h1>
        <label class="inline">
          <span class="unseen">Streams that began within</span>
          <select value={range} onChange={(event) => navigate(address('/', { range: event.currentTarget.value }))}>
            {RANGES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Tiles overview={overview} />
      <Card title="How streams ended" note={<Legend outcomes={overview.outcomes} />}>
        <OutcomeChart time={overview.time} />
      </Card>
      <div class="columns">
        <div>
          <Faults faults={overview.faults} />
          <GroupTable title="Models" filter="model" groups={overview.models} />
        </div>
        <div>
          <Card title="Time to first chunk">
            <Histogram of={overview.timeToFirstChunk} name="Time to first chunk" />
          </Card>
          <Card title="Longest gap" note="longest wait for bytes within a stream">
            <Histogram of={overview.longestGap} name="Longest gap" />
          </Card>
          <GroupTable title="Hosts" filter="host" groups={overview.hosts} />
          <GroupTable title="Services" filter="service" groups={overview.services} />
        </div>
      </div>
    </div>
  )
}

function Tiles({ overview }: { readonly overview: OverviewAnswer }) {
  const { streams, outcomes, parseErrors, timeToFirstChunk, longestGap } = overview
  const broken = outcomes['broken'] ?? 0
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
        tone={parseErrors.parseErrors > 0 ? 'bad' : ''}
        value={formatShare(parseErrors.perStream)}
        note={
          parseErrors.perStream === null ? 'no metrics yet' : `${plural(parseErrors.parseErrors, 'error')}, all time`
        }
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

function Legend({ outcomes }: { readonly outcomes: OverviewAnswer['outcomes'] }) {
  return (
    <span class="legend">
      {orderOutcomes(Object.keys(outcomes)).map((outcome) => (
        <a key={outcome} href={address('/streams', { outcome })}>
          <Outcome value={outcome} /> {formatCount(outcomes[outcome] ?? 0)}
        </a>
      ))}
    </span>
  )
}

/** Rows that are shown at first. */
const MAX_FAULTS = 12

function Faults({ faults }: { readonly faults: OverviewAnswer['faults'] }) {
  const [isLong, setLong] = useState(false)
  const most = Math.max(1, ...faults.map(({ streams }) => streams))
  const broken = faults.reduce((sum, { streams }) => sum + streams, 0)
  return (
    <Card title="Why streams broke" note={plural(broken, 'stream')}>
      {faults.length === 0 ? <p class="dim">No stream broke.</p> : null}
      <table class="faults">
        <thead>
          <tr>
            <th scope="col">fault</th>
            <th scope="col">likeliest cause</th>
            <th scope="col" class="number">
              streams
            </th>
          </tr>
        </thead>
        <tbody>
          {faults.slice(0, isLong ? undefined : MAX_FAULTS).map((fault) => (
            <FaultRow key={`${fault.errorType} ${fault.cause}`} fault={fault} most={most} />
          ))}
        </tbody>
      </table>
      {faults.length > MAX_FAULTS && !isLong ? (
        <button type="button" class="quiet" onClick={() => setLong(true)}>
          {`${faults.length - MAX_FAULTS} more`}
        </button>
      ) : null}
    </Card>
  )
}

function FaultRow({ fault, most }: { readonly fault: OverviewAnswer['faults'][number]; readonly most: number }) {
  const { errorType, cause, streams } = fault
  return (
    <tr>
      <th scope="row">
        <a href={address('/streams', { fault: errorType, cause })}>
          <Text value={errorType} max={60} />
        </a>
      </th>
      <td class="mono dim">{cause === null ? '–' : <Text value={cause} max={60} />}</td>
      <td class="number">
        <span class="bar" aria-hidden="true">
          <i style={{ width: `${(streams / most) * 100}%` }} />
        </span>
        {formatCount(streams)}
      </td>
    </tr>
  )
}
