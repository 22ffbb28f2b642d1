import type { Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  type ZlibOptions,
} from 'node:zlib'

/** As undici sets them up: what is cut ends where it was cut, and what has been flushed comes at once. */
const ZLIB: ZlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH }
const ZSTD = { flush: constants.ZSTD_e_flush, finishFlush: constants.ZSTD_e_flush }

const DECODERS = new Map<string, (firstByte: number) => Transform>([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  // Some servers leave out the head of zlib.
  ['deflate', (firstByte) => ((firstByte & 0x0f) === 0x08 ? createInflate(ZLIB) : createInflateRaw(ZLIB))],
  ['br', () => createBrotliDecompress(BROTLI)],
  ['zstd', () => createZstdDecompress(ZSTD)],
])

/**
 * What takes a `Content-Encoding` off a body that begins with a byte; `undefined` where there is none to take off, or none that is
 * known.
 */
export function findDecoder(contentEncoding: string | undefined): ((firstByte: number) => Transform) | undefined {
  return DECODERS.get(contentEncoding?.trim().toLowerCase() ?? '')
}
