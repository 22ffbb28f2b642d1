import { FORBIDDEN_PAGE } from '../html.ts'
import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** A firewall or a company's proxy refuses, and the provider never hears of it. */
export const http403Html: Injector = {
  name: 'http_403_html',
  summary: 'Status 403 with an HTML page.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 0 },
  expected: { outcome: 'broken', errorType: '403', cause: ['proxy_error_page', 'likely'] },
  play: (exchange) => sendPage(exchange, 403, { 'content-type': 'text/html', server: 'nginx' }, FORBIDDEN_PAGE),
}
