/** RFC 9110 §7.6.1: what belongs to one connection, beside what `Connection` itself names. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Names and values in turn, as they came: order, spelling and repetition are kept. */
export type RawHeaders = readonly string[]

const toPairs = (raw: RawHeaders): readonly (readonly [name: string, value: string])[] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''])

/**
 * The headers that go on to the next hop.
 *
 * @param without names in lower case that are left out as well
 */
export const forwardHeaders = (raw: RawHeaders, without: readonly string[] = []): string[] => {
  const pairs = toPairs(raw)
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((option) => option.trim().toLowerCase()))
  const dropped = new Set([...HOP_BY_HOP, ...named, ...without])
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat()
}
