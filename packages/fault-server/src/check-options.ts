/** What an option may be, and how an error says so. */
export interface Rule {
  readonly allowed: string
  accepts(value: unknown): boolean
}

export const integerBetween = (low: number, high: number): Rule => ({
  allowed: `an integer from ${low} to ${high}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= high,
})

export const numberBetween = (low: number, high: number): Rule => ({
  allowed: `a number from ${low} to ${high}`,
  accepts: (value) => typeof value === 'number' && value >= low && value <= high,
})

/** What a URL says of a user is nobody's business. */
const maskUser = (text: string): string => text.replace(/\/\/[^/]*@/, '//***@')

const show = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(maskUser(value)) : maskUser(String(value))

/**
 * Takes the options that were given; one left undefined was not.
 *
 * @param owner what stands before the name of an option in an error, where it isn't an option of the whole
 * @throws RangeError when an option is unknown or isn't what its rule says.
 */
export const checkOptions = <Options extends object>(
  options: Options,
  rules: Readonly<Record<keyof Options, Rule>>,
  owner = '',
): Options => {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    if (!Object.hasOwn(rules, name)) {
      throw new RangeError(`Unknown option "${owner}${name}": allowed are ${Object.keys(rules).join(', ')}.`)
    }
    const rule = rules[name as keyof Options]
    if (!rule.accepts(value)) {
      throw new RangeError(`Option "${owner}${name}" must be ${rule.allowed}; received ${show(value)}.`)
    }
  }
  return Object.fromEntries(given) as Options
}
