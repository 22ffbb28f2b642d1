import type { AttributeValue } from '../../src/otlp/any-value.ts'

/** An attribute's value as one text; `null` where there is none. */
export function valueText(value: AttributeValue | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return isList ? value.join(', ') : JSON.stringify(value)
}
