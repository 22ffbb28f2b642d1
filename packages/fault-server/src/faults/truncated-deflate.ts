import { DEFLATE, sendTruncated } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** As `truncated_gzip`; but where it isn't gzip, the default fetch of openai 4 (node-fetch 2) misses the end and says so. */
export const truncatedDeflate: Injector = {
  name: 'truncated_deflate',
  summary: 'The body, compressed with deflate, ends cleanly in the middle of an event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  expectedByMajor: {
    4: { outcome: 'broken', errorType: 'protocol_error', cause: ['provider_malformed', 'guess'] },
  },
  play: (exchange) => sendTruncated(exchange, DEFLATE),
}
