/**
 * When the pieces of one body came off the wire, whatever its reader did: a few numbers, however many pieces.
 *
 * A reader that is slow finds many pieces in one read. Here they are told apart, in the order and at the times at which the
 * HTTP client got them, before they are decompressed.
 */
export class WireRecord {
  pieces = 0
  bytes = 0
  firstAtMs = 0
  /** The first piece that may have text in it: compressors send the head of their format before they compress anything. */
  textAtMs = 0
  lastAtMs = 0
  longestGapMs = 0
  /** Times at which nothing came for {@link PAUSE_MS} and more between two pieces. */
  pauses = 0
  /** Pieces that are a whole block of a proxy's buffer. */
  blocks = 0

  /** A piece came. */
  add(bytes: number, nowMs: number): void {
    if (this.pieces === 0) this.firstAtMs = nowMs
    else {
      const gapMs = nowMs - this.lastAtMs
      if (gapMs > this.longestGapMs) this.longestGapMs = gapMs
      if (gapMs >= PAUSE_MS) this.pauses++
    }
    if (this.bytes < HEAD_BYTES) this.textAtMs = nowMs
    this.pieces++
    this.bytes += bytes
    this.lastAtMs = nowMs
    if (isBlock(bytes)) this.blocks++
  }

  /** From the first text to the last piece, in milliseconds. */
  get spreadMs(): number {
    return this.lastAtMs - this.textAtMs
  }
}

/** Bytes that no event fits in, and the heads of gzip, zlib, Brotli and Zstandard do. */
const HEAD_BYTES = 20

/** Shortest time without a piece that counts as a pause, in milliseconds: models are quicker. */
export const PAUSE_MS = 50

/**
 * Whether a read or a piece has the size of a proxy's buffer: one page of memory or two. Larger ones are no sign: TLS comes in
 * records of 16 KiB, and sockets are read by 64 KiB.
 */
export function isBlock(bytes: number): boolean {
  return bytes === 4096 || bytes === 8192
}
