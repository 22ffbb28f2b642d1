import { CLOSED, COALESCED, ENDED, NOTHING, SILENT, UNANSWERED, page, type Middlebox } from './middlebox.ts'

/** What stands in the backend of a route. */
const BACKENDS: Readonly<Record<string, string>> = {
  defaults: '',
  plain: 'option http-no-delay',
  compressed: 'option http-no-delay\n  compression algo gzip\n  compression type text/event-stream',
  server_timeout: 'option http-no-delay\n  timeout server 2s',
  error_file: 'errorfile 502 sorry.http',
  denied: 'http-request deny deny_status 429',
  small_body: 'http-request deny deny_status 413 if { req.hdr(content-length) -m int gt 1000 }',
  no_server: 'http-request set-var(txn.x) str(x)',
  nobody: 'retries 0',
  tcp: 'mode tcp',
  tcp_timeout: 'mode tcp\n  timeout server 2s',
}

export const haproxy: Middlebox = {
  name: 'haproxy',
  install: 'apt-get install haproxy',
  program: 'haproxy',
  routes: Object.keys(BACKENDS),
  files: ({ port, upstream, nobody }) => ({
    'haproxy.cfg': `
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
${Object.entries(BACKENDS)
  .map(
    ([route, text]) => `
frontend front_${route}
  ${route.startsWith('tcp') ? 'mode tcp' : ''}
  bind 127.0.0.1:${port(route)}
  default_backend ${route}
backend ${route}
  ${text}
  ${route === 'no_server' ? '' : `server model 127.0.0.1:${route === 'nobody' ? nobody : upstream}`}
`,
  )
  .join('')}
`,
    'sorry.http':
      'HTTP/1.0 502 Bad Gateway\r\ncache-control: no-cache\r\ncontent-type: text/html\r\n\r\n<html><body>We are sorry.</body></html>\n',
  }),
  args: () => ['-db', '-f', 'haproxy.cfg'],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
    ['passes compressed events on', 'compressed', 'paced', NOTHING],
    ['passes a connection on', 'tcp', 'paced', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['passes a short answer on', 'defaults', 'plain', NOTHING],
    // Without `option http-no-delay` it leaves it to the kernel to send what does not fill a packet: 200 ms later.
    ['bursts by its defaults', 'defaults', 'quick', { ...COALESCED, heldBack: 'guess' }],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    ['a connection closed behind it', 'tcp', 'paced_close', CLOSED],
    ['an upstream that falls silent', 'server_timeout', 'paced_stall', SILENT],
    ['a connection that falls silent', 'tcp_timeout', 'paced_stall', SILENT],
    ['an upstream that answers too late', 'server_timeout', 'slow_headers', page('504')],
    ['a connection that answers too late', 'tcp_timeout', 'slow_headers', UNANSWERED],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
    ['a page of the operator', 'error_file', 'close_before_headers', page('502')],
    ['nobody listens', 'nobody', 'plain', page('503')],
    ['no server', 'no_server', 'plain', page('503')],
    ['too many requests', 'denied', 'plain', page('429')],
    ['too large a prompt', 'small_body', 'plain', page('413'), { promptBytes: 5000 }],
  ],
}
