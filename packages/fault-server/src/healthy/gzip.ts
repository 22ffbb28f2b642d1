import { GZIP, sendCompressed } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** Flushed after each event, as good middleware does it. */
export const gzip: Injector = {
  name: 'gzip',
  summary: 'The body is compressed with gzip, event by event.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendCompressed(exchange, GZIP),
}
