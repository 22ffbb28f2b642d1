import { BUFFERED, ENDED, NOTHING, page, type Middlebox } from './middlebox.ts'

/** What stands in the site of a route, and in its `reverse_proxy`. */
const SITES: Readonly<Record<string, readonly [site: string, proxy: string]>> = {
  plain: ['', ''],
  encoded: ['encode gzip', ''],
  encoded_events: ['encode {\n gzip\n minimum_length 0\n match {\n header Content-Type text/event-stream*\n }\n }', ''],
  buffered: ['', 'buffer_responses\n max_buffer_size 1MB'],
  slow_flush: ['', 'flush_interval 300ms'],
  timeout: ['', 'transport http {\n read_timeout 2s\n response_header_timeout 2s\n }'],
  small_body: ['request_body {\n max_size 1KB\n }', ''],
  nobody: ['', ''],
}

export const caddy: Middlebox = {
  name: 'caddy',
  install: 'apt-get install caddy',
  program: 'caddy',
  routes: Object.keys(SITES),
  files: ({ port, upstream, nobody }) => ({
    Caddyfile: `{
  admin off
  auto_https off
  default_bind 127.0.0.1
}
${Object.entries(SITES)
  .map(
    ([route, [site, proxy]]) => `
http://127.0.0.1:${port(route)} {
  ${site}
  reverse_proxy 127.0.0.1:${route === 'nobody' ? nobody : upstream} {
    ${proxy}
  }
}`,
  )
  .join('')}
`,
  }),
  args: () => ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
    ['does not compress events unasked', 'encoded', 'paced', NOTHING],
    ['passes events on where it compresses them', 'encoded_events', 'paced', NOTHING],
    ['flushes events at once, whatever its interval', 'slow_flush', 'paced', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['holds an answer back until it is whole', 'buffered', 'long', BUFFERED],
    // It ends the body in order, whatever became of its upstream.
    ['a reset upstream is an end', 'plain', 'paced_reset', ENDED],
    ['a closed upstream is an end', 'plain', 'paced_close', ENDED],
    ['a closed upstream is an end, held back', 'buffered', 'long_close', { ...ENDED, ...BUFFERED }],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    [
      'an upstream that falls silent is an end',
      'timeout',
      'paced_stall',
      { ...ENDED, causes: ['proxy_idle_timeout', 'provider_truncation'] },
    ],
    ['an upstream that answers too late', 'timeout', 'slow_headers', page('504')],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
    ['nobody listens', 'nobody', 'plain', page('502')],
    // It tells the upstream's transport of the limit, and of that the client no more than this.
    ['too large a prompt', 'small_body', 'plain', page('502'), { promptBytes: 5000 }],
  ],
}
