import { GZIP_HEADER, GZIP_HEADERS, compressEvent } from '../gzip.ts'
import type { Injector } from '../injector.ts'

/**
 * HTTP is content, gzip isn't: half of an event, the checksum and the length are missing. HTTP clients hand over what they
 * could inflate and report a clean end, so for the app it is an event stream that ends inside an event.
 */
export const truncatedGzip: Injector = {
  name: 'truncated_gzip',
  summary: 'The compressed body ends cleanly in the middle of an event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'truncated_event' },
  play: async (exchange) => {
    const half = exchange.events.slice(0, Math.floor(exchange.events.length / 2))
    await exchange.headers(200, GZIP_HEADERS)
    await exchange.write(GZIP_HEADER)
    for (const event of half.slice(0, -1)) {
      await exchange.pace()
      await exchange.write(compressEvent(event))
    }
    for (const event of half.slice(-1)) {
      const compressed = compressEvent(event)
      await exchange.write(compressed.subarray(0, Math.floor(compressed.length / 2)))
    }
    await exchange.end()
  },
}
