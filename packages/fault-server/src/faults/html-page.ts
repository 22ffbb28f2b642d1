import { BAD_GATEWAY_PAGE } from '../html.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** A wrong base URL, a login page or a firewall. The SDK reports an empty answer, and no error. */
export const htmlPage: Injector = {
  name: 'html_page',
  summary: 'Status 200, and an HTML page in place of the stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'not_event_stream', cause: ['proxy_error_page', 'likely'] },
  play: (exchange) => sendPage(exchange, 200, { 'content-type': 'text/html', server: 'nginx' }, BAD_GATEWAY_PAGE),
}
