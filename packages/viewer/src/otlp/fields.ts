/**
 * The body is not OTLP: a field has a type that the protocol doesn't allow, or bytes are no protobuf. The whole request is refused, as
 * the protocol asks for data that cannot be decoded. The message is one sentence and says where.
 */
export class MalformedOtlp extends Error {
  override readonly name: string = 'MalformedOtlp'
}

/** One record is well-formed but can't be kept, such as a span without an id. Only that record is refused. */
export class UnusableRecord extends MalformedOtlp {
  override readonly name = 'UnusableRecord'
}

/** The body holds more than we take at once. The message is a sentence without its end: what to do follows. */
export class OversizedOtlp extends Error {
  override readonly name = 'OversizedOtlp'
}

/**
 * Most values of a body. `JSON.parse` takes up to 200 bytes of heap for a value that is one byte on the wire, so that 20 MiB
 * of brackets took 4 GB: more than a process has. A batch of 512 spans with 30 attributes each has some 60,000.
 */
export const MAX_VALUES = 1_000_000

/** An object of JSON, or a message in that shape, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** SQLite's integers are signed: nanoseconds fit until the year 2262. */
const MAX_NANOS = 2n ** 63n - 1n
const MAX_UINT64 = 2n ** 64n - 1n
const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/** Protobuf's JSON mapping: "null is an accepted value for all field types and treated as the default value". */
function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

/** @param where - path of the value, for the message */
export function asObject(value: unknown, where: string): JsonObject {
  if (isAbsent(value)) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject
  throw new MalformedOtlp(`${where} must be an object.`)
}

export function readObject(parent: JsonObject, key: string, where: string): JsonObject {
  return asObject(parent[key], `${where}.${key}`)
}

export function readList(parent: JsonObject, key: string, where: string): readonly unknown[] {
  const value = parent[key]
  if (isAbsent(value)) return []
  if (Array.isArray(value)) return value
  throw new MalformedOtlp(`${where}.${key} must be an array.`)
}

export function readText(parent: JsonObject, key: string, where: string): string {
  const value = parent[key]
  if (isAbsent(value)) return ''
  if (typeof value === 'string') return value
  throw new MalformedOtlp(`${where}.${key} must be a string.`)
}

export function readFlag(parent: JsonObject, key: string, where: string): boolean {
  const value = parent[key]
  if (isAbsent(value)) return false
  if (typeof value === 'boolean') return value
  throw new MalformedOtlp(`${where}.${key} must be true or false.`)
}

/** A 64-bit integer, which comes as a string or as a number from JSON, as a bigint from protobuf. */
function asInteger(value: unknown, where: string): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  throw new MalformedOtlp(`${where} must be a whole number.`)
}

export function asInt64(value: unknown, where: string): bigint {
  const integer = asInteger(value, where)
  if (integer >= MIN_INT64 && integer <= MAX_INT64) return integer
  throw new MalformedOtlp(`${where} must fit in 64 bits.`)
}

/** A double; the JSON mapping writes what JSON has no number for as "NaN", "Infinity" and "-Infinity". */
export function asDouble(value: unknown, where: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value)
    if (!Number.isNaN(number) || value === 'NaN') return number
  }
  throw new MalformedOtlp(`${where} must be a number.`)
}

/** Nanoseconds since 1970; 0 where the sender doesn't know. */
export function readNanos(parent: JsonObject, key: string, where: string): bigint {
  const value = parent[key]
  if (isAbsent(value)) return 0n
  const nanos = asInteger(value, `${where}.${key}`)
  if (nanos < 0n || nanos > MAX_UINT64) throw new MalformedOtlp(`${where}.${key} must fit in 64 bits without a sign.`)
  if (nanos > MAX_NANOS) throw new UnusableRecord(`${where}.${key} lies after the year 2262.`)
  return nanos
}

/**
 * A trace or span id in lower case, '' where none is set.
 *
 * OTLP: "The traceId and spanId byte arrays are represented as case-insensitive hex-encoded strings; they are not
 * base64-encoded as is defined in the standard Protobuf JSON Mapping". All zeros is the protocol's other "no id".
 */
export function readId(parent: JsonObject, key: string, digits: 16 | 32, where: string): string {
  const id = readText(parent, key, where).toLowerCase()
  if (id !== '' && (id.length !== digits || !/^[\da-f]+$/.test(id))) {
    throw new MalformedOtlp(`${where}.${key} must be ${digits / 2} bytes, or ${digits} hex digits in JSON.`)
  }
  return /^0*$/.test(id) ? '' : id
}

/** An enum's number; `names` is indexed by it. OTLP allows the number only, but some senders write Protobuf's names. */
export function readEnum(parent: JsonObject, key: string, names: readonly string[], where: string): number {
  const value = parent[key]
  if (isAbsent(value)) return 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  const index = typeof value === 'string' ? names.indexOf(value) : -1
  if (index >= 0) return index
  throw new MalformedOtlp(`${where}.${key} must be a number or one of the names of its enum.`)
}
