import type { OverviewAnswer } from '../../src/api/answers.ts'

import { useState } from 'preact/hooks'

import { address } from '../router.ts'
import { formatCount, plural } from '../text/units.ts'
import { Card } from './card.tsx'
import { Text } from './text.tsx'

/** Rows that are shown at first. */
const MAX_ROWS = 12

/** What streams broke by, the most frequent first. */
export function FaultTable(props: {
  readonly faults: OverviewAnswer['faults']
  /** Filters that a link to the streams takes along. */
  readonly filters: Readonly<Record<string, string | null>>
}) {
  const { faults, filters } = props
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
          {faults.slice(0, isLong ? undefined : MAX_ROWS).map((fault) => (
            <FaultRow key={`${fault.errorType} ${fault.cause}`} {...{ fault, most, filters }} />
          ))}
        </tbody>
      </table>
      {faults.length > MAX_ROWS && !isLong ? (
        <button type="button" class="quiet" onClick={() => setLong(true)}>
          {`${faults.length - MAX_ROWS} more`}
        </button>
      ) : null}
    </Card>
  )
}

function FaultRow(props: {
  readonly fault: OverviewAnswer['faults'][number]
  readonly most: number
  readonly filters: Readonly<Record<string, string | null>>
}) {
  const { errorType, cause, streams } = props.fault
  return (
    <tr>
      <th scope="row">
        <a href={address('/streams', { ...props.filters, fault: errorType, cause })}>
          <Text value={errorType} max={60} />
        </a>
      </th>
      <td class="mono dim">{cause === null ? '–' : <Text value={cause} max={60} />}</td>
      <td class="number">
        <span class="bar" aria-hidden="true">
          <i style={{ width: `${(streams / props.most) * 100}%` }} />
        </span>
        {formatCount(streams)}
      </td>
    </tr>
  )
}
