import { BAD_GATEWAY_PAGE } from '../html.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** A proxy in front of a dead server. */
export const http502: Injector = {
  name: 'http_502',
  summary: 'Status 502 with an HTML page.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '502', cause: ['proxy_error_page', 'likely'] },
  play: (exchange) => sendPage(exchange, 502, { 'content-type': 'text/html', server: 'nginx' }, BAD_GATEWAY_PAGE),
}
