import type { RawChunk } from '../../src/queries/list-streams.ts'

/** The recorded bytes of a chunk, and where among them it broke. */
export interface ChunkBytes {
  readonly bytes: Uint8Array
  /** Absent where nobody knows the place. */
  readonly breakAt: number | null
}

/** The bytes that a chunk's record stands for. */
export function toChunkBytes({ raw, encoding, break: breakAt }: RawChunk): ChunkBytes {
  if (raw === null) return { bytes: new Uint8Array(), breakAt: null }
  const bytes = encoding === 'base64' ? fromBase64(raw) : new TextEncoder().encode(raw)
  if (breakAt === null || breakAt < 0) return { bytes, breakAt: null }
  const inBytes = encoding === 'base64' ? breakAt : new TextEncoder().encode(raw.slice(0, breakAt)).length
  return { bytes, breakAt: Math.min(inBytes, bytes.length) }
}

/** As much as is base64: any program may say that something is. */
function fromBase64(text: string): Uint8Array {
  const [clean = ''] = /^[\w+/]*/.exec(text) ?? []
  const whole = clean.replaceAll('_', '').slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0))
  try {
    return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

/** One line of a hex dump. */
export interface HexLine {
  readonly offset: number
  readonly bytes: readonly number[]
}

/** Bytes of a line. */
export const HEX_WIDTH = 16

export function toHexLines(bytes: Uint8Array): readonly HexLine[] {
  return Array.from({ length: Math.ceil(bytes.length / HEX_WIDTH) }, (_, i) => ({
    offset: i * HEX_WIDTH,
    bytes: [...bytes.subarray(i * HEX_WIDTH, (i + 1) * HEX_WIDTH)],
  }))
}
