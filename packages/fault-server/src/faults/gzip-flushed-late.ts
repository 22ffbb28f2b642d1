import { gzipSync } from 'node:zlib'
import { formatEvent } from '../answer/stream-event.ts'
import { formatHeaders, GZIP } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

const BUFFERED_MS = 3000

/** Compressing middleware that nobody told to flush: an answer fits into its buffer, and comes out at its end. */
export const gzipFlushedLate: Injector = {
  name: 'gzip_flushed_late',
  summary: 'Nothing for 3000 ms, then the whole answer in one write, compressed with gzip.',
  api: 'any',
  answer: { pieces: 24 },
  expected: { outcome: 'completed', anomalies: ['buffered'] },
  play: async (exchange) => {
    await exchange.headers(200, formatHeaders(GZIP))
    await exchange.pause(BUFFERED_MS)
    await exchange.write(gzipSync(exchange.events.map((event) => formatEvent(event)).join('')))
    await exchange.end()
  },
}
