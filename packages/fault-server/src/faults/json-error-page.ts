import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** A gateway keeps the status 200 whatever happens. */
export const jsonErrorPage: Injector = {
  name: 'json_error_page',
  summary: 'Status 200, and a JSON error in place of the stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'not_event_stream', cause: ['provider_error', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      200,
      { 'content-type': 'application/json' },
      formatError({ message: 'The upstream is unavailable.', type: 'server_error', code: 'upstream_unavailable' }),
    ),
}
