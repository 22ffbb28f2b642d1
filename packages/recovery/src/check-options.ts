/** What an option may be. */
export interface Rule {
  /** In words, behind "must be". */
  readonly allowed: string
  readonly accepts: (value: unknown) => boolean
}

/** A rule for each option that there is. */
export type Rules<Options> = Readonly<Record<keyof Options, Rule>>

const MAX_TIMER_MS = 2 ** 31 - 1

export const milliseconds = (low: number): Rule => ({
  allowed: `a number of milliseconds from ${low} to ${MAX_TIMER_MS}`,
  accepts: (value) => typeof value === 'number' && value >= low && value <= MAX_TIMER_MS,
})

export const integer = (low: number, high: number): Rule => ({
  allowed: `an integer from ${low} to ${high}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
})

export const oneOf = (...values: readonly unknown[]): Rule => ({
  allowed: values.map(show).join(', '),
  accepts: (value) => values.includes(value),
})

export const ofType = (type: 'function' | 'object', allowed: string): Rule => ({
  allowed,
  accepts: (value) => typeof value === type && value !== null,
})

/** @throws RangeError that names an option, what is allowed and what came. */
export function checkOptions<Options extends object>(options: Options, rules: Rules<Options>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!Object.hasOwn(rules, name)) {
      throw new RangeError(`Unknown option "${name}": allowed are ${Object.keys(rules).join(', ')}.`)
    }
    const rule = rules[name as keyof Options]
    if (!rule.accepts(value)) throw new RangeError(`Option "${name}" must be ${rule.allowed}; received ${show(value)}.`)
  }
}

/** A value, for a message; of what may be long or secret, its type alone. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value
}
