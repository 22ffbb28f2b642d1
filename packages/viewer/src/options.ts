/** The largest count that an option takes. */
export const MAX_ROWS = 10_000_000

/** The option's value or its default; misuse is a `RangeError` at construction, not a surprise later. */
export function integerOption(
  name: string,
  value: number | undefined,
  range: { readonly min: number; readonly max: number; readonly otherwise: number },
): number {
  if (value === undefined) return range.otherwise
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value
  throw new RangeError(`${name} must be an integer from ${range.min} to ${range.max}, but it is ${String(value)}`)
}

/** The address of another server, without a slash at its end. Credentials in it would go to whoever sees the page. */
export function httpUrlOption(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new RangeError(`${name} must be an http(s) URL without a user and a password, and it is not`)
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}
