import type { OverviewAnswer } from '../../src/api/answers.ts'

import { address } from '../router.ts'
import { formatCount, formatShare } from '../text/units.ts'
import { Card } from './card.tsx'
import { orderOutcomes, outcomeClass } from './outcome.tsx'
import { Text, tip } from './text.tsx'

/** Rows that are shown. */
const MAX_ROWS = 8

/** Streams by model, host or service: how many, how many broke, and how all ended. */
export function GroupTable(props: {
  readonly title: string
  readonly filter: 'model' | 'host' | 'service'
  readonly groups: OverviewAnswer['models']
}) {
  const { title, filter, groups } = props
  return (
    <Card title={title} note={groups.length > MAX_ROWS ? `${MAX_ROWS} of ${groups.length}` : undefined}>
      <table>
        <thead>
          <tr>
            <th scope="col">{filter}</th>
            <th scope="col" class="number">
              streams
            </th>
            <th scope="col" class="number">
              broken
            </th>
            <th scope="col" class="wide">
              outcomes
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, MAX_ROWS).map((group) => (
            <GroupRow key={group.name} filter={filter} group={group} />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function GroupRow({ filter, group }: { readonly filter: string; readonly group: OverviewAnswer['models'][number] }) {
  const { name, streams, outcomes } = group
  const broken = outcomes['broken'] ?? 0
  return (
    <tr>
      <th scope="row" title={tip(name)}>
        {name === '' ? (
          <span class="dim">none</span>
        ) : (
          <a href={address('/streams', { [filter]: name })}>
            <Text value={name} max={60} />
          </a>
        )}
      </th>
      <td class="number">{formatCount(streams)}</td>
      <td class={broken > 0 ? 'number bad' : 'number'}>{formatShare(broken / streams)}</td>
      <td class="wide">
        <span class="share" aria-hidden="true">
          {orderOutcomes(Object.keys(outcomes)).map((outcome) => (
            <i key={outcome} class={outcomeClass(outcome)} style={{ flexGrow: outcomes[outcome] ?? 0 }} />
          ))}
        </span>
      </td>
    </tr>
  )
}
