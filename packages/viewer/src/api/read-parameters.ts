import type { StreamCursor } from '../queries/find-streams.ts'

import { Problem } from './problem.ts'

/** Longest value of a parameter, in characters. */
const MAX_PARAMETER_LENGTH = 300

/** The parameters of an address: those that are known, each at most once, and none that is empty. */
export type QueryParameters<Name extends string> = Readonly<Partial<Record<Name, string>>>

/**
 * Reads an address's parameters. One that is misspelt is refused: ignored, it would let all streams through.
 *
 * @throws Problem 400
 */
export function readParameters<const Name extends string>(
  query: URLSearchParams,
  known: readonly Name[],
): QueryParameters<Name> {
  const values: Partial<Record<Name, string>> = {}
  for (const [key, value] of query) {
    const name = known.find((one) => one === key)
    if (name === undefined) {
      const list = known.length === 0 ? 'there are none here' : `use ${known.join(', ')}`
      throw new Problem(400, `There is no parameter ${JSON.stringify(key.slice(0, MAX_PARAMETER_LENGTH))}: ${list}.`)
    }
    if (values[name] !== undefined) throw new Problem(400, `The parameter ${name} is there twice.`)
    if (value.length > MAX_PARAMETER_LENGTH) {
      throw new Problem(400, `The parameter ${name} is longer than ${MAX_PARAMETER_LENGTH} characters.`)
    }
    if (value !== '') values[name] = value
  }
  return values
}

/** A whole number. @throws Problem 400 */
export function readInteger(
  name: string,
  value: string | undefined,
  range: { readonly min: number; readonly max: number; readonly otherwise: number },
): number {
  if (value === undefined) return range.otherwise
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (number >= range.min && number <= range.max) return number
  throw new Problem(400, `The parameter ${name} must be a whole number from ${range.min} to ${range.max}.`)
}

/** Where the page before ended. @throws Problem 400 */
export function readCursor(value: string | undefined): StreamCursor | null {
  if (value === undefined) return null
  const [, startNanos, id] = /^(\d{1,19})-(\d{1,15})$/.exec(value) ?? []
  if (startNanos === undefined || id === undefined) throw new Problem(400, 'The parameter cursor is none of ours.')
  return { startNanos, id: Number(id) }
}

export function formatCursor({ startNanos, id }: StreamCursor): string {
  return `${startNanos}-${id}`
}
