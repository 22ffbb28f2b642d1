import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, constants } from 'node:zlib'

/** As fetch reads them: what was flushed is handed over, and a cut is a clean end. */
const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }),
  br: () =>
    createBrotliDecompress({
      flush: constants.BROTLI_OPERATION_FLUSH,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
  zstd: () => createZstdDecompress(),
}

/** The body of an answer before it was compressed; `undefined` where nobody here knows how. */
export const decodeBody = (answer: IncomingMessage): AsyncIterable<Uint8Array> | undefined => {
  const coding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (coding === 'identity') return answer
  const createDecoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
  // The reader learns of an error from the decoder, which is destroyed by it.
  return createDecoder === undefined ? undefined : pipeline(answer, createDecoder(), () => undefined)
}
