import { BAD_GATEWAY_PAGE } from '../html.ts'
import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/** A gateway wraps whatever its upstream said. */
export const htmlAsEvent: Injector = {
  name: 'html_as_event',
  summary: 'An event whose data is an HTML error page.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'malformed_event', cause: ['proxy_error_page', 'likely'], detail: 'html' },
  play: (exchange) => sendInsteadOfThird(exchange, () => `data: ${BAD_GATEWAY_PAGE.replaceAll('\r\n', '')}\n\n`),
}
