import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** What a base URL without its `/v1` gets: a server that is there, and a path that isn't. */
export const http404: Injector = {
  name: 'http_404',
  summary: 'Status 404 with an error object that names the path.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '404', cause: ['wrong_endpoint', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      404,
      { 'content-type': 'application/json' },
      formatError({ message: 'Invalid URL (POST /chat/completions)', type: 'invalid_request_error' }),
    ),
}
