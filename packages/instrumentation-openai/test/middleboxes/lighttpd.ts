import { BUFFERED, CLOSED, ENDED, NOTHING, page, type Middlebox } from './middlebox.ts'

/** What stands in the socket of a route, and among the settings of its server. */
const SOCKETS: Readonly<Record<string, readonly [socket: string, server: string]>> = {
  defaults: ['', ''],
  streamed: ['server.stream-response-body = 1', ''],
  streamed_fully: ['server.stream-response-body = 2', ''],
  deflated: ['server.stream-response-body = 2\n  deflate.mimetypes = ("text/event-stream")', ''],
  timeout: ['server.stream-response-body = 2', ', "read-timeout" => 2'],
  timeout_defaults: ['', ', "read-timeout" => 2'],
  small_body: ['server.max-request-size = 1', ''],
  nobody: ['', ''],
}

export const lighttpd: Middlebox = {
  name: 'lighttpd',
  install: 'apt-get install lighttpd lighttpd-mod-deflate',
  program: 'lighttpd',
  routes: Object.keys(SOCKETS),
  files: ({ port, upstream, nobody, folder }) => ({
    'lighttpd.conf': `
server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${port('defaults')}
server.errorlog = "${folder}/error.log"
server.upload-dirs = ("${folder}")
server.modules = ("mod_proxy", "mod_deflate")
deflate.allowed-encodings = ("gzip")
${Object.entries(SOCKETS)
  .map(
    ([route, [socket, server]]) => `
$SERVER["socket"] == "127.0.0.1:${port(route)}" {
  ${socket}
  proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${route === 'nobody' ? nobody : upstream}${server})))
}`,
  )
  .join('')}
`,
  }),
  args: () => ['-D', '-f', 'lighttpd.conf'],
  cases: [
    ['passes events on', 'streamed', 'paced', NOTHING],
    ['passes events on from buffers as small as can be', 'streamed_fully', 'paced', NOTHING],
    ['passes a body with a length on', 'streamed', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'streamed', 'paced_until_close', NOTHING],
    ['passes events on where it compresses', 'deflated', 'paced', NOTHING],
    ['gives a model time to think', 'streamed', 'paced_thinking', NOTHING],
    ['holds an answer back until it is whole by its defaults', 'defaults', 'long', BUFFERED],
    ['a reset upstream is a closed connection', 'streamed', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'streamed', 'paced_close', CLOSED],
    ['an upstream that ends in order is an end', 'streamed', 'paced_end', ENDED],
    // Half an answer with a length that fits.
    ['a reset upstream is an end, held back', 'defaults', 'long_reset', { ...ENDED, ...BUFFERED }],
    ['a closed upstream is an end, held back', 'defaults', 'long_close', { ...ENDED, ...BUFFERED }],
    ['an upstream that answers too late', 'timeout', 'slow_headers', page('504')],
    ['an upstream that dies before its headers', 'streamed', 'close_before_headers', page('500')],
    ['nobody listens', 'nobody', 'plain', page('503')],
    ['too large a prompt', 'small_body', 'plain', page('413'), { promptBytes: 5000 }],
  ],
}
