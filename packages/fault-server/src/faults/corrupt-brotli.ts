import { BROTLI, sendCorrupt } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** As `corrupt_gzip`; the decompressor has error codes of its own. */
export const corruptBrotli: Injector = {
  name: 'corrupt_brotli',
  summary: 'The body, compressed with brotli, turns into garbage in mid-stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'protocol_error', cause: ['provider_malformed', 'guess'] },
  play: (exchange) => sendCorrupt(exchange, BROTLI),
}
