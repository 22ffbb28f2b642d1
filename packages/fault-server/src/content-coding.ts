import { constants, crc32, deflateRawSync } from 'node:zlib'
import { formatEvent, type StreamEvent } from './answer/stream-event.ts'
import type { Exchange } from './exchange.ts'

/**
 * A way to compress a stream event by event: each event is bytes of its own, and half of them already decompress to text.
 * That is why the codes are fixed and the blocks stored: where a compressor chooses, half of a block may be all table.
 */
export interface ContentCoding {
  /** The value of `content-encoding`. */
  readonly name: string
  readonly head: Uint8Array
  compress(event: StreamEvent): Uint8Array
  /** What ends a stream of these events. */
  formatTail(events: readonly StreamEvent[]): Uint8Array
  /** What no decompressor takes for the next event. */
  readonly garbage: Uint8Array
}

const joinText = (events: readonly StreamEvent[]): Buffer =>
  Buffer.from(events.map((event) => formatEvent(event)).join(''))

/** Deflate blocks of their own with fixed codes (RFC 1951 §3.2.6), which end on a byte border. */
const deflateEvent = (event: StreamEvent): Uint8Array =>
  deflateRawSync(formatEvent(event), { finishFlush: constants.Z_SYNC_FLUSH, strategy: constants.Z_FIXED })

/** RFC 1951 §3.2.3: the last block, empty, with fixed codes. */
const LAST_DEFLATE_BLOCK = [0x03, 0x00]

/** RFC 1951 §3.2.3: the lowest three bits are "last block" and the block type 11, which is "reserved (error)". */
const INVALID_DEFLATE_BLOCK = Uint8Array.of(0xff, 0xff, 0xff, 0xff)

export const GZIP: ContentCoding = {
  name: 'gzip',
  // RFC 1952 §2.3.1: the magic number, deflate, no flags, no time, no extra flags, an unknown system.
  head: Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255),
  compress: deflateEvent,
  // §2.3: the checksum and the length, both little-endian.
  formatTail: (events) => {
    const text = joinText(events)
    const tail = Buffer.alloc(10)
    tail.set(LAST_DEFLATE_BLOCK)
    tail.writeUInt32LE(crc32(text), 2)
    tail.writeUInt32LE(text.length, 6)
    return tail
  },
  garbage: INVALID_DEFLATE_BLOCK,
}

/** RFC 1950 §8.2. */
const ADLER_BASE = 65_521

const adler32 = (bytes: Uint8Array): number => {
  let low = 1
  let high = 0
  for (const byte of bytes) {
    low = (low + byte) % ADLER_BASE
    high = (high + low) % ADLER_BASE
  }
  return high * 0x1_0000 + low
}

/** What HTTP calls deflate is deflate within zlib's format (RFC 9110 §8.4.1.2). */
export const DEFLATE: ContentCoding = {
  name: 'deflate',
  // RFC 1950 §2.2: deflate with a window of 32 KiB, the fastest level, no dictionary, and the check bits.
  head: Uint8Array.of(0x78, 0x01),
  compress: deflateEvent,
  formatTail: (events) => {
    const tail = Buffer.alloc(6)
    tail.set(LAST_DEFLATE_BLOCK)
    tail.writeUInt32BE(adler32(joinText(events)), 2)
    return tail
  },
  garbage: INVALID_DEFLATE_BLOCK,
}

/** RFC 7932 §9.2: not the last meta-block, a length of four nibbles, and stored as it is. */
const storeEvent = (event: StreamEvent): Uint8Array => {
  const text = Buffer.from(formatEvent(event))
  const header = Buffer.alloc(3)
  header.writeUIntLE((1 << 19) | ((text.length - 1) << 3), 0, 3)
  return Buffer.concat([header, text])
}

export const BROTLI: ContentCoding = {
  name: 'br',
  // §9.1 and §9.2: a window of 64 KiB, then an empty meta-block of metadata, which ends on a byte border.
  head: Uint8Array.of(0x0c),
  compress: storeEvent,
  // §9.2: the last meta-block, empty.
  formatTail: () => Uint8Array.of(0x03),
  // §9.2: metadata whose reserved bit, which must be zero, is one.
  garbage: Uint8Array.of(0x0e, 0xff, 0xff, 0xff),
}

const sendCompressedEvents = async (
  exchange: Exchange,
  coding: ContentCoding,
  events: readonly StreamEvent[],
): Promise<void> => {
  await exchange.headers(200, formatHeaders(coding))
  await exchange.write(coding.head)
  for (const event of events) {
    await exchange.pace()
    await exchange.write(coding.compress(event))
  }
}

/** The headers of a compressed event stream. */
export const formatHeaders = ({ name }: Pick<ContentCoding, 'name'>): Readonly<Record<string, string>> => ({
  'content-type': 'text/event-stream; charset=utf-8',
  'content-encoding': name,
})

/** The first half of the answer: never all of it. */
const takeHalf = ({ events }: Exchange): readonly StreamEvent[] => events.slice(0, Math.floor(events.length / 2))

/** Sends the whole answer, compressed as good middleware does it: flushed after each event. */
export const sendCompressed = async (exchange: Exchange, coding: ContentCoding): Promise<void> => {
  await sendCompressedEvents(exchange, coding, exchange.events)
  await exchange.write(coding.formatTail(exchange.events))
  await exchange.end()
}

/** Ends half-way through an event as HTTP demands it; what ends the compressed data is missing. */
export const sendTruncated = async (exchange: Exchange, coding: ContentCoding): Promise<void> => {
  const half = takeHalf(exchange)
  await sendCompressedEvents(exchange, coding, half.slice(0, -1))
  for (const event of half.slice(-1)) {
    const compressed = coding.compress(event)
    await exchange.write(compressed.subarray(0, Math.floor(compressed.length / 2)))
  }
  await exchange.end()
}

/** Turns into garbage half-way through the answer. */
export const sendCorrupt = async (exchange: Exchange, coding: ContentCoding): Promise<void> => {
  await sendCompressedEvents(exchange, coding, takeHalf(exchange))
  await exchange.settle()
  await exchange.write(coding.garbage)
  // The fetch of Node.js 22 hangs forever where the garbage and the end of the body come in one read.
  await exchange.settle()
  await exchange.end()
}
