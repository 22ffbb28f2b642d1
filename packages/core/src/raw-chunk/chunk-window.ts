/** A chunk longer than this, and 16 times the maximum of its record, isn't looked at as a whole. */
const CONTEXT_BYTES = 65_536

const HEAD_CONTEXT_BYTES = 4_096

/** The parts of a chunk that are looked at: `[0, headEnd)` and `[from, to)`, which touch unless the chunk is huge. */
export interface ChunkWindow {
  readonly headEnd: number
  readonly from: number
  readonly to: number
}

/**
 * Chooses what to look at, so that a huge chunk costs no more than a large one: its head, and what comes before its end
 * or around the place where it broke. Parts begin and end between UTF-8 characters.
 */
export function windowOf(bytes: Uint8Array, maxBytes: number, breakAt: number | undefined): ChunkWindow {
  const length = bytes.length
  const reach = Math.max(CONTEXT_BYTES / 2, 8 * maxBytes)
  if (length <= 2 * reach) return { headEnd: length, from: length, to: length }
  const center = breakAt === undefined || breakAt >= length - reach ? length : breakAt
  const to = center === length ? length : borderBefore(bytes, center + reach)
  const from = borderBefore(bytes, Math.max(0, center - reach))
  const headEnd = borderBefore(bytes, HEAD_CONTEXT_BYTES)
  return from <= headEnd ? { headEnd: to, from: to, to } : { headEnd, from, to }
}

/** The last place, at most 3 bytes back, where a character begins. */
function borderBefore(bytes: Uint8Array, at: number): number {
  for (let back = 0; back <= 3 && at - back > 0; back++) {
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back
  }
  return at
}
