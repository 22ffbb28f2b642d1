import type { OverviewAnswer } from '../../src/api/answers.ts'
import type { Narrowing } from '../text/time-range.ts'

import { escapeText } from '../text/escape.ts'
import { RANGES } from '../text/time-range.ts'
import { formatAxisTime } from '../text/units.ts'

const NAMES = ['model', 'host', 'service'] as const

/** What the overview is narrowed to. */
export function OverviewFilters(props: {
  readonly narrowing: Narrowing
  /** Of all streams: what there is to choose from. */
  readonly all: OverviewAnswer | null
  readonly onChange: (narrowing: Narrowing) => void
}) {
  const { narrowing, all, onChange } = props
  const { from, to, range } = narrowing
  const choices = { model: all?.models, host: all?.hosts, service: all?.services }
  const isNarrow = from !== null || range !== '' || NAMES.some((name) => narrowing[name] !== '')
  return (
    <form class="filters" aria-label="What to look at" onSubmit={(event) => event.preventDefault()}>
      {isNarrow ? (
        <button
          type="button"
          class="quiet"
          onClick={() => onChange({ range: '', from: null, to: null, model: '', host: '', service: '' })}
        >
          Clear
        </button>
      ) : null}
      {NAMES.map((name) => (
        <select
          key={name}
          aria-label={name}
          class={narrowing[name] === '' ? '' : 'set'}
          value={narrowing[name]}
          onChange={(event) => onChange({ ...narrowing, [name]: event.currentTarget.value })}
        >
          <option value="">{`any ${name}`}</option>
          {namesOf(choices[name] ?? [], narrowing[name]).map((value) => (
            <option key={value} value={value}>
              {escapeText(value.slice(0, 80))}
            </option>
          ))}
        </select>
      ))}
      <select
        aria-label="Streams that began within"
        class={range === '' && from === null ? '' : 'set'}
        value={from === null ? range : 'part'}
        onChange={(event) => onChange({ ...narrowing, from: null, to: null, range: event.currentTarget.value })}
      >
        {from === null || to === null ? null : (
          <option value="part">{`${formatAxisTime(from, 1)} to ${formatAxisTime(to, 1)}`}</option>
        )}
        {RANGES.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </form>
  )
}

/** What an address asks for can be seen, also where nothing has it. */
function namesOf(groups: OverviewAnswer['models'], chosen: string): readonly string[] {
  const names = new Set([...groups.map(({ name }) => name), chosen])
  names.delete('')
  return [...names].toSorted()
}
