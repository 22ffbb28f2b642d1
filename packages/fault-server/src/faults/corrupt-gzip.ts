import { GZIP, sendCorrupt } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** Unlike a cut, garbage is an error that the decompressor reports. */
export const corruptGzip: Injector = {
  name: 'corrupt_gzip',
  summary: 'The body, compressed with gzip, turns into garbage in mid-stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'protocol_error', cause: ['provider_malformed', 'guess'] },
  play: (exchange) => sendCorrupt(exchange, GZIP),
}
