/** A small seeded source of numbers, so that the same request gets the same bytes. Not for secrets. */
export interface Random {
  /** An integer from 0 up to, but not including, `limit`. */
  below(limit: number): number
  /** One of the items. */
  pick(items: readonly string[]): string
  /** So many letters and digits, as ids have them. */
  letters(length: number): string
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Turns texts into a 32-bit seed (FNV-1a). */
export const hashSeed = (...parts: readonly (string | number)[]): number => {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(parts.join('\n'))) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Writes a JSON value with its keys in order, so that the same request is the same text whoever wrote it down. */
export const formatCanonically = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )

/** Makes a source from a 32-bit seed (mulberry32). */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    pick: (items) => items[below(items.length)] ?? '',
    letters: (length) => Array.from({ length }, () => LETTERS.charAt(below(LETTERS.length))).join(''),
  }
}
