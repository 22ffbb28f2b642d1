import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** The SDK asks again, `maxRetries` times, and gets the same each time. */
export const http500: Injector = {
  name: 'http_500',
  summary: 'Status 500 with an error object.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '500', cause: ['provider_error', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      500,
      { 'content-type': 'application/json' },
      formatError({ message: 'The server had an error while processing your request.', type: 'server_error' }),
    ),
}
