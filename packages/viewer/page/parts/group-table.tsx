import type { OverviewAnswer, ParseErrorsAnswer } from '../../src/api/answers.ts'

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
  /** Parse errors by the same names, where they are known by them. */
  readonly rates?: ParseErrorsAnswer['models'] | undefined
  /** Filters that a link to the streams takes along. */
  readonly filters: Readonly<Record<string, string | null>>
}) {
  const { title, filter, groups, rates, filters } = props
  return (
    <Card title={title} note={groups.length > MAX_ROWS ? `${MAX_ROWS} of ${groups.length}` : undefined}>
      <table class="groups">
        <thead>
          <tr>
            <th scope="col">{filter}</th>
            <th scope="col" class="number">
              streams
            </th>
            <th scope="col" class="number">
              broken
            </th>
            {rates === undefined ? null : (
              <th scope="col" class="number">
                parse errors
              </th>
            )}
            <th scope="col" class="wide">
              outcomes
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, MAX_ROWS).map((group) => (
            <GroupRow
              key={group.name}
              href={address('/streams', { ...filters, [filter]: group.name })}
              group={group}
              rate={rates === undefined ? undefined : (rates.find(({ name }) => name === group.name) ?? null)}
            />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function GroupRow(props: {
  readonly href: string
  readonly group: OverviewAnswer['models'][number]
  readonly rate: ParseErrorsAnswer['models'][number] | null | undefined
}) {
  const { rate } = props
  const { name, streams, outcomes } = props.group
  const broken = outcomes['broken'] ?? 0
  return (
    <tr>
      <th scope="row" title={tip(name)}>
        {name === '' ? (
          <span class="dim">none</span>
        ) : (
          <a href={props.href}>
            <Text value={name} max={60} />
          </a>
        )}
      </th>
      <td class="number">{formatCount(streams)}</td>
      <td class={broken > 0 ? 'number bad' : 'number'}>{formatShare(broken / streams)}</td>
      {rate === undefined ? null : (
        <td class={rate !== null && rate.parseErrors > 0 ? 'number bad' : 'number'}>
          {formatShare(rate === null || rate.ended === 0 ? null : rate.parseErrors / rate.ended)}
        </td>
      )}
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
