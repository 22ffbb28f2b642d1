import { Text } from './text.tsx'

export const OUTCOME_ORDER = ['completed', 'broken', 'cancelled', 'abandoned', 'handed_off'] as const

/** The class that colours an outcome. */
export function outcomeClass(outcome: string): string {
  return (OUTCOME_ORDER as readonly string[]).includes(outcome) ? `is-${outcome}` : 'is-other'
}

/** How a stream ended, with a shape beside the colour. */
export function Outcome({ value }: { readonly value: string }) {
  return (
    <span class={`outcome ${outcomeClass(value)}`}>
      <i aria-hidden="true" />
      <Text value={value} max={24} />
    </span>
  )
}

/** Outcomes in the order in which charts stack them, those of other programs last. */
export function orderOutcomes(names: Iterable<string>): readonly string[] {
  const all = new Set(names)
  return [...OUTCOME_ORDER.filter((name) => all.delete(name)), ...all]
}
