import { Text } from './text.tsx'

const STEPS = ['guess', 'likely', 'certain']

/** How sure a cause is: as a word, and as a bar of three. */
export function Confidence({ value, meaning }: { readonly value: string; readonly meaning: string | null }) {
  const step = STEPS.indexOf(value)
  return (
    <span class="confidence" title={meaning ?? undefined}>
      <span class="steps" aria-hidden="true">
        {STEPS.map((name, i) => (
          <i key={name} class={i <= step ? 'on' : ''} />
        ))}
      </span>
      <Text value={value} max={24} />
    </span>
  )
}
