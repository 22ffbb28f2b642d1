import type { OverviewAnswer, ParseErrorsAnswer } from '../../src/api/answers.ts'
import type { Narrowing } from '../text/time-range.ts'

import { useMemo } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { Card } from '../parts/card.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Failure } from '../parts/failure.tsx'
import { FaultTable } from '../parts/fault-table.tsx'
import { GroupTable } from '../parts/group-table.tsx'
import { Histogram } from '../parts/histogram.tsx'
import { OutcomeChart } from '../parts/outcome-chart.tsx'
import { orderOutcomes, Outcome } from '../parts/outcome.tsx'
import { OverviewFilters } from '../parts/overview-filters.tsx'
import { ParseErrorChart } from '../parts/parse-error-chart.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { address, navigate } from '../router.ts'
import { narrowingParameters, narrowingQuery, readNarrowing } from '../text/time-range.ts'
import { formatCount } from '../text/units.ts'

type Filters = Readonly<Record<string, string | null>>

/** How the streams fare, all together. */
export function Overview({ query, version }: { readonly query: URLSearchParams; readonly version: number }) {
  const text = query.toString()
  const narrowing = useMemo(() => readNarrowing(new URLSearchParams(text)), [text])
  // A range moves on with each look, not with each rendering.
  const filters = useMemo(() => narrowingParameters(narrowing, Date.now()), [narrowing, version])
  const path = address('/api/overview', filters)
  const loading = useJson<OverviewAnswer>('/api/overview', version)
  const narrowed = useJson<OverviewAnswer>(path === '/api/overview' ? null : path, version)
  const rates = useJson<ParseErrorsAnswer>(address('/api/parse-errors', filters), version)
  if (loading.state === 'failed') return <Failure message={loading.message} />
  if (loading.state === 'loading') return <p class="dim loading">Loading…</p>
  if (loading.answer.streams === 0) return <EmptyState />
  const within = path === '/api/overview' ? loading : narrowed
  return (
    <div class="overview">
      <div class="title-row">
        <h1>Overview</h1>
        <OverviewFilters narrowing={narrowing} all={loading.answer} onChange={narrow} />
      </div>
      {within.state === 'failed' ? <Failure message={within.message} /> : null}
      {within.state === 'ready' && within.answer.streams === 0 ? (
        <p class="nothing">No stream meets these filters.</p>
      ) : null}
      {within.state === 'ready' && within.answer.streams > 0 ? (
        <Charts
          overview={within.answer}
          parseErrors={rates.state === 'ready' ? rates.answer : null}
          filters={filters}
          onChoose={(from, to) => narrow({ ...narrowing, from, to })}
        />
      ) : null}
    </div>
  )
}

function narrow(narrowing: Narrowing): void {
  navigate(address('/', narrowingQuery(narrowing)))
}

function Charts(props: {
  readonly overview: OverviewAnswer
  readonly parseErrors: ParseErrorsAnswer | null
  readonly filters: Filters
  readonly onChoose: (fromMs: number, toMs: number) => void
}) {
  const { overview, parseErrors, filters, onChoose } = props
  return (
    <>
      <Tiles overview={overview} parseErrors={parseErrors} />
      <Card title="How streams ended" note={<Legend outcomes={overview.outcomes} filters={filters} />}>
        <OutcomeChart time={overview.time} onChoose={onChoose} />
      </Card>
      {parseErrors === null ? null : <ParseErrorChart parseErrors={parseErrors} />}
      <div class="columns">
        <div>
          <FaultTable faults={overview.faults} filters={filters} />
          <GroupTable
            title="Models"
            filter="model"
            groups={overview.models}
            rates={parseErrors?.models}
            filters={filters}
          />
        </div>
        <div>
          <Card title="Time to first chunk">
            <Histogram of={overview.timeToFirstChunk} name="Time to first chunk" />
          </Card>
          <Card title="Longest gap" note="longest wait for bytes within a stream">
            <Histogram of={overview.longestGap} name="Longest gap" />
          </Card>
          <GroupTable
            title="Hosts"
            filter="host"
            groups={overview.hosts}
            rates={parseErrors?.hosts}
            filters={filters}
          />
          <GroupTable
            title="Services"
            filter="service"
            groups={overview.services}
            rates={parseErrors?.services}
            filters={filters}
          />
        </div>
      </div>
    </>
  )
}

function Legend({ outcomes, filters }: { readonly outcomes: OverviewAnswer['outcomes']; readonly filters: Filters }) {
  return (
    <span class="legend">
      {orderOutcomes(Object.keys(outcomes)).map((outcome) => (
        <a key={outcome} href={address('/streams', { ...filters, outcome })}>
          <Outcome value={outcome} /> {formatCount(outcomes[outcome] ?? 0)}
        </a>
      ))}
    </span>
  )
}
