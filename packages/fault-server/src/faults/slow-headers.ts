import type { Injector } from '../injector.ts'

/** The SDK's `timeout` covers this, and this alone. */
export const slowHeaders: Injector = {
  name: 'slow_headers',
  summary: 'The request is taken, and no answer comes.',
  api: 'any',
  alsoUnstreamed: true,
  client: { timeoutMs: 300, maxRetries: 0 },
  expected: { outcome: 'broken', errorType: 'headers_timeout', cause: ['client_timeout', 'likely'] },
  play: (exchange) => exchange.hold(),
}
