import type { Injector } from '../injector.ts'

/** What a server does that restarts at the wrong moment. */
export const closeBeforeHeaders: Injector = {
  name: 'close_before_headers',
  summary: 'The connection closes before any byte of the answer.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: 'connection_failed' },
  play: (exchange) => exchange.close(),
}
