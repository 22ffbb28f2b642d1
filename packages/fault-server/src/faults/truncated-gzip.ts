import { GZIP, sendTruncated } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/**
 * HTTP is content, gzip isn't: half of an event, the checksum and the length are missing. HTTP clients hand over what they
 * could inflate and report a clean end, so for the app it is an event stream that ends inside an event.
 */
export const truncatedGzip: Injector = {
  name: 'truncated_gzip',
  summary: 'The body, compressed with gzip, ends cleanly in the middle of an event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  play: (exchange) => sendTruncated(exchange, GZIP),
}
