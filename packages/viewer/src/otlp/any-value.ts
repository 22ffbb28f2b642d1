import type { JsonObject } from './fields.ts'

import { asDouble, asInt64, asObject, MalformedOtlp, readList, readText, UnusableRecord } from './fields.ts'

/**
 * An attribute's value as plain JSON. Integers beyond 2^53 and doubles that JSON lacks (NaN, infinities) are strings,
 * bytes are base64, and a value with nothing in it is `null`.
 *
 * @public
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }

/** @public */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Deepest nesting of lists in an attribute's value. Real ones have two levels; a deeper record is refused. */
const MAX_VALUE_DEPTH = 32

/** A list of KeyValue as a record. Built from entries, since assigning to a key `__proto__` would not store it. */
export function readAttributes(parent: JsonObject, key: string, where: string, depth = 0): Attributes {
  return Object.fromEntries(
    readList(parent, key, where).map((item, index) => {
      const path = `${where}.${key}[${index}]`
      const pair = asObject(item, path)
      return [readText(pair, 'key', path), anyValue(pair['value'], `${path}.value`, depth)]
    }),
  )
}

/** An AnyValue: of its members at most one is set; what this version doesn't know reads as `null`. */
export function anyValue(input: unknown, where: string, depth = 0): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw new UnusableRecord(`${where} is nested deeper than ${MAX_VALUE_DEPTH} levels.`)
  const value = asObject(input, where)
  for (const [member, read] of MEMBERS) {
    const content = value[member]
    if (content !== undefined && content !== null) return read(content, `${where}.${member}`, depth)
  }
  return null
}

const MEMBERS: readonly (readonly [string, (content: unknown, where: string, depth: number) => AttributeValue])[] = [
  ['stringValue', asText],
  ['intValue', plainInteger],
  ['boolValue', asFlag],
  ['doubleValue', plainDouble],
  ['arrayValue', asArray],
  ['kvlistValue', (content, where, depth) => readAttributes(asObject(content, where), 'values', where, depth + 1)],
  ['bytesValue', asText],
]

function asText(content: unknown, where: string): string {
  if (typeof content === 'string') return content
  throw new MalformedOtlp(`${where} must be a string.`)
}

function asFlag(content: unknown, where: string): boolean {
  if (typeof content === 'boolean') return content
  throw new MalformedOtlp(`${where} must be true or false.`)
}

function plainInteger(content: unknown, where: string): number | string {
  if (isLargeDouble(content)) return Number(content)
  const integer = asInt64(content, where)
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : String(integer)
}

/** OpenTelemetry's JavaScript exporter calls every number without a fraction an integer in JSON, also 1e20 and 1e300. */
function isLargeDouble(content: unknown): boolean {
  if (typeof content === 'string' && /^-?\d{19,21}$/.test(content))
    return BigInt.asIntN(64, BigInt(content)) !== BigInt(content)
  return typeof content === 'number' && Math.abs(content) >= 2 ** 63
}

function plainDouble(content: unknown, where: string): number | string {
  const number = asDouble(content, where)
  return Number.isFinite(number) ? number : String(number)
}

function asArray(content: unknown, where: string, depth: number): readonly AttributeValue[] {
  const items = readList(asObject(content, where), 'values', where)
  return items.map((item, index) => anyValue(item, `${where}.values[${index}]`, depth + 1))
}
