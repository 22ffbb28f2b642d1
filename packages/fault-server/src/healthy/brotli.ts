import { BROTLI, sendCompressed } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** What a CDN makes of a stream; clients ask for it over TLS alone, and take it everywhere. */
export const brotli: Injector = {
  name: 'brotli',
  summary: 'The body is compressed with brotli, event by event.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendCompressed(exchange, BROTLI),
}
