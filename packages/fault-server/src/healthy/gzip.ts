import { GZIP_HEADER, GZIP_HEADERS, compressEvent, formatTrailer } from '../gzip.ts'
import type { Injector } from '../injector.ts'

/** Compressed as good middleware does it: flushed after each event. */
export const gzip: Injector = {
  name: 'gzip',
  summary: 'The body is compressed with gzip, event by event.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers(200, GZIP_HEADERS)
    await exchange.write(GZIP_HEADER)
    for (const event of exchange.events) {
      await exchange.pace()
      await exchange.write(compressEvent(event))
    }
    await exchange.write(formatTrailer(exchange.events))
    await exchange.end()
  },
}
