import type { Product } from '../setting.ts'

const PROXY = 'https://caddyserver.com/docs/caddyfile/directives/reverse_proxy'
const WHERE = 'in `reverse_proxy`; where it has a `transport http`, the two lines go into that'
const TRANSPORT = 'transport http {\n  read_timeout 10m\n  response_header_timeout 10m\n}'

export const caddy: Product = {
  id: 'caddy',
  name: 'Caddy',
  kind: 'hop',
  settings: [
    {
      topic: 'idle_timeout',
      where: WHERE,
      snippet: TRANSPORT,
      why: '`read_timeout` counts the silence of the upstream, and Caddy makes an orderly end of it.',
      bites: 'No timer by itself: this is for where somebody set one.',
      since: '2.6',
      source: `${PROXY}#the-http-transport`,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: WHERE,
      snippet: TRANSPORT,
      why: '`response_header_timeout` counts the wait for the headers, which ends as a 504.',
      bites: 'No timer by itself: this is for where somebody set one.',
      since: '2.6',
      source: `${PROXY}#the-http-transport`,
      verified: 'run',
    },
    {
      topic: 'request_size',
      where: 'in the site, in place of the `request_body` there',
      snippet: 'request_body {\n  max_size 32MB\n}',
      why: 'Pictures and long conversations are large: beyond a limit that somebody set the answer is an error.',
      bites: 'No limit by itself.',
      since: '2.3',
      source: 'https://caddyserver.com/docs/caddyfile/directives/request_body',
      verified: 'run',
    },
  ],
  without: {
    buffering:
      'It flushes event streams at once, whatever `flush_interval` says; remove `response_buffers` where it is set.',
    compression: '`encode` flushes event streams that it compresses with each piece.',
    duration_limit:
      '`stream_timeout` is for upgraded connections; the `write` timeout of the server is off unless it is set.',
    error_page: 'It passes errors on, unless `handle_response` is written for them.',
  },
}
