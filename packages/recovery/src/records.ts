/** Something with names, nobody knows which. */
export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

/** A property of something that may be anything: getters of strangers may throw. */
export function readProperty(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined
  try {
    return value[name]
  } catch {
    return undefined
  }
}
