import { BROTLI, sendTruncated } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** As `truncated_gzip`; but where it isn't gzip, the default fetch of openai 4 (node-fetch 2) misses the end and says so. */
export const truncatedBrotli: Injector = {
  name: 'truncated_brotli',
  summary: 'The body, compressed with brotli, ends cleanly in the middle of an event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  expectedByMajor: {
    4: { outcome: 'broken', errorType: 'protocol_error', cause: ['provider_malformed', 'guess'] },
  },
  play: (exchange) => sendTruncated(exchange, BROTLI),
}
