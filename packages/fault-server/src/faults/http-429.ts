import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** The SDK prefers `retry-after-ms`, in milliseconds, to `retry-after`, in seconds. */
export const http429: Injector = {
  name: 'http_429',
  summary: 'Status 429 with retry-after.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '429', cause: ['provider_error', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      429,
      { 'content-type': 'application/json', 'retry-after': '1', 'retry-after-ms': '10' },
      formatError({ message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' }),
    ),
}
