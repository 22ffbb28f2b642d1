import { GZIP_HEADER, GZIP_HEADERS, compressEvent } from '../gzip.ts'
import type { Injector } from '../injector.ts'

/** RFC 1951 §3.2.3: the lowest three bits are "last block" and the block type 11, which is "reserved (error)". */
const INVALID_BLOCK = Uint8Array.of(0xff, 0xff, 0xff, 0xff)

/** Unlike a cut, garbage is an error that the decompressor reports. */
export const corruptGzip: Injector = {
  name: 'corrupt_gzip',
  summary: 'The compressed body turns into garbage in mid-stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'protocol_error' },
  play: async (exchange) => {
    const half = exchange.events.slice(0, Math.floor(exchange.events.length / 2))
    await exchange.headers(200, GZIP_HEADERS)
    await exchange.write(GZIP_HEADER)
    for (const event of half) {
      await exchange.pace()
      await exchange.write(compressEvent(event))
    }
    await exchange.settle()
    await exchange.write(INVALID_BLOCK)
    // The fetch of Node.js 22 hangs forever where the garbage and the end of the body come in one read.
    await exchange.settle()
    await exchange.end()
  },
}
