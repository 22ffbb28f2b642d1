import type { Injector } from '../injector.ts'

/** What a server does that restarts at the wrong moment. The default fetch of openai 4 can't tell it from a reset. */
export const closeBeforeHeaders: Injector = {
  name: 'close_before_headers',
  summary: 'The connection closes before any byte of the answer.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: 'connection_failed', cause: ['peer_closed', 'likely'] },
  expectedByMajor: {
    4: { outcome: 'broken', errorType: 'connection_failed', cause: ['network', 'likely'] },
  },
  play: (exchange) => exchange.close(),
}
