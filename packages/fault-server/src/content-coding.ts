import { constants, crc32, deflateRawSync } from 'node:zlib'
import { formatEvent, type StreamEvent } from './answer/stream-event.ts'

/** The headers of a compressed event stream. */
export const GZIP_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'content-encoding': 'gzip',
}

/** RFC 1952 §2.3.1: the magic number, deflate, no flags, no time, no extra flags, an unknown system. */
export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)

/**
 * Compresses one event into deflate blocks of its own, which end on a byte border. The codes are fixed (RFC 1951 §3.2.6),
 * so half of such a block already inflates to text.
 */
export const compressEvent = (event: StreamEvent): Uint8Array =>
  deflateRawSync(formatEvent(event), { finishFlush: constants.Z_SYNC_FLUSH, strategy: constants.Z_FIXED })

/** The last, empty deflate block, the checksum and the length, both little-endian. */
export const formatTrailer = (events: readonly StreamEvent[]): Uint8Array => {
  const text = Buffer.from(events.map((event) => formatEvent(event)).join(''))
  const trailer = Buffer.alloc(10)
  trailer.writeUInt16LE(0x0003, 0)
  trailer.writeUInt32LE(crc32(text), 2)
  trailer.writeUInt32LE(text.length, 6)
  return trailer
}
