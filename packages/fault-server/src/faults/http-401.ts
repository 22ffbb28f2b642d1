import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** The server knows the client's key to be none. Asking again wouldn't help, and the SDK doesn't. */
export const http401: Injector = {
  name: 'http_401',
  summary: 'Status 401 with an error object.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '401', cause: ['provider_error', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      401,
      { 'content-type': 'application/json' },
      formatError({
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }),
    ),
}
