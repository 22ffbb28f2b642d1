import type { OverviewAnswer } from '../../src/api/answers.ts'

import { useEffect, useRef } from 'preact/hooks'

import { useJson } from '../data/use-json.ts'
import { escapeText } from '../text/escape.ts'
import { formatAxisTime } from '../text/units.ts'
import { orderOutcomes } from './outcome.tsx'

/** What streams are filtered by, in the order of the bar; each is a parameter of the address too. */
export const FILTERS = ['outcome', 'fault', 'cause', 'model', 'host', 'service'] as const

/** The search and the filters above the list. */
export function FilterBar(props: {
  readonly filters: Readonly<Record<string, string>>
  readonly version: number
  readonly onChange: (filters: Readonly<Record<string, string>>, isTyping: boolean) => void
}) {
  const { filters, version, onChange } = props
  const loading = useJson<OverviewAnswer>('/api/overview', version)
  const options = loading.state === 'ready' ? toOptions(loading.answer) : null
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isField(event.target)) return
      event.preventDefault()
      search.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        ref={search}
        type="search"
        aria-label="Search streams"
        placeholder="Search model, host, id, fault…   press /"
        maxLength={200}
        value={filters['text'] ?? ''}
        onInput={(event) => onChange({ ...filters, text: event.currentTarget.value }, true)}
      />
      {FILTERS.map((name) => (
        <select
          key={name}
          aria-label={name}
          class={filters[name] === undefined ? '' : 'set'}
          value={filters[name] ?? ''}
          onChange={(event) => onChange({ ...filters, [name]: event.currentTarget.value }, false)}
        >
          <option value="">{`any ${name}`}</option>
          {withChosen(options?.[name] ?? [], filters[name]).map((value) => (
            <option key={value} value={value}>
              {escapeText(value.slice(0, 80))}
            </option>
          ))}
        </select>
      ))}
      {filters['since'] === undefined && filters['until'] === undefined ? null : (
        <button
          type="button"
          class="set"
          title="Show streams of all times"
          onClick={() => {
            const { since: _, until: __, ...rest } = filters
            onChange(rest, false)
          }}
        >
          {describeTimes(filters['since'], filters['until'])} ✕
        </button>
      )}
      {Object.keys(filters).length > 0 ? (
        <button type="button" class="quiet" onClick={() => onChange({}, false)}>
          Clear
        </button>
      ) : null}
    </form>
  )
}

function describeTimes(since: string | undefined, until: string | undefined): string {
  const from = since === undefined ? '' : `from ${formatAxisTime(Number(since), 1)} `
  return from + (until === undefined ? 'on' : `to ${formatAxisTime(Number(until), 1)}`)
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)
}

/** What an address asks for can be seen in the bar, also where nothing has it. */
function withChosen(values: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || values.includes(chosen) ? values : [chosen, ...values]
}

function toOptions(overview: OverviewAnswer): Readonly<Record<(typeof FILTERS)[number], readonly string[]>> {
  const names = (groups: OverviewAnswer['models']): readonly string[] =>
    groups.map(({ name }) => name).filter((name) => name !== '')
  const sorted = (values: readonly (string | null)[]): readonly string[] =>
    [...new Set(values.filter((value) => value !== null))].toSorted()
  return {
    outcome: orderOutcomes(Object.keys(overview.outcomes)),
    fault: sorted(overview.faults.map(({ errorType }) => errorType)),
    cause: sorted(overview.faults.map(({ cause }) => cause)),
    model: names(overview.models).toSorted(),
    host: names(overview.hosts).toSorted(),
    service: names(overview.services).toSorted(),
  }
}
