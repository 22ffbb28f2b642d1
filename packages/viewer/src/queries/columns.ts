import type { Attributes, AttributeValue } from '../otlp/any-value.ts'
import type { Row } from '../store/store.ts'

/** Readers of result columns and attributes: what has another type than expected (any program may send) reads as absent. */
export function textOr<Otherwise>(value: unknown, otherwise: Otherwise): string | Otherwise {
  return typeof value === 'string' ? value : otherwise
}

export function textColumn(row: Row, name: string): string {
  return textOr(row[name], '')
}

export function numberColumn(row: Row, name: string): number {
  const value = row[name]
  return typeof value === 'number' ? value : 0
}

/** Attributes as our inserts wrote them. */
export function attributesColumn(row: Row): Attributes {
  return JSON.parse(textColumn(row, 'attributes')) as Attributes
}

export function textAttribute(attributes: Attributes, name: string): string | null {
  return textOr(attributes[name], null)
}

export function numberAttribute(attributes: Attributes, name: string): number | null {
  const value = attributes[name]
  return typeof value === 'number' ? value : null
}

export function textsAttribute(attributes: Attributes, name: string): readonly string[] {
  const value: AttributeValue | undefined = attributes[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The conventions have durations in seconds; all of ours are milliseconds inside. */
export function secondsToMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000
}
