/** Longest text of an answer, in UTF-16 units; far above what the instrumentation sends. */
const MAX_TEXT_LENGTH = 16_384

/** The same value with its long texts cut, and how much was: any program may send an attribute of 20 MB. */
export function capTexts<Value>(value: Value): Value {
  return cap(value) as Value
}

function cap(value: unknown): unknown {
  if (typeof value === 'string') return capText(value)
  if (Array.isArray(value)) return value.map(cap)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [capText(key), cap(member)]))
}

function capText(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text
  return `${text.slice(0, MAX_TEXT_LENGTH)}… (${text.length - MAX_TEXT_LENGTH} more characters)`
}
