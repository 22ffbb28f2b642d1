import type { Injector } from '../injector.ts'

/** From the SDK's side it is the same as a refused connection: no response at all. */
export const resetBeforeHeaders: Injector = {
  name: 'reset_before_headers',
  summary: 'The connection is reset (RST) before any byte of the answer.',
  api: 'any',
  // Under HTTP/2 a client that writes when the reset comes may report that the other side closed; see h2_reset_stream.
  http: 1,
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: 'connection_failed', cause: ['network', 'likely'] },
  play: (exchange) => exchange.reset(),
}
