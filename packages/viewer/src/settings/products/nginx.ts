import type { Product } from '../setting.ts'

const PROXY = 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html'
const CORE = 'https://nginx.org/en/docs/http/ngx_http_core_module.html'
const LOCATION = 'in the `location` that passes to the model'

export const nginx: Product = {
  id: 'nginx',
  name: 'nginx',
  kind: 'hop',
  settings: [
    {
      topic: 'buffering',
      where: LOCATION,
      snippet: 'proxy_http_version 1.1;\nproxy_buffering off;',
      why: 'Each piece goes on when it comes, instead of when a buffer is full.',
      bites: '`proxy_buffering` is on: blocks of 4 or 8 kB; before 1.29.7 it also asks its upstream in HTTP/1.0.',
      costs: 'A client that reads slowly holds the connection to the model as long.',
      since: '1.1.4',
      source: `${PROXY}#proxy_buffering`,
      verified: 'run',
    },
    {
      topic: 'compression',
      where: LOCATION,
      snippet: 'gzip off;',
      why: 'What is compressed waits until there is enough to compress.',
      bites: '`gzip` is off, and bites where `gzip_types` names text/event-stream or `*`.',
      costs: 'No other answer of that location is compressed either.',
      source: 'https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip_types',
      verified: 'run',
    },
    {
      topic: 'idle_timeout',
      where: LOCATION,
      snippet: 'proxy_read_timeout 600s;',
      why: 'It counts the silence between two reads: a model that reasons is silent for minutes.',
      bites: '60 s without a byte end the answer.',
      costs: 'An upstream that hangs holds its connections as long.',
      source: `${PROXY}#proxy_read_timeout`,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: LOCATION,
      snippet: 'proxy_read_timeout 600s;',
      why: 'The same timer is for the wait for the headers, which ends as a 504.',
      bites: '60 s.',
      costs: 'An upstream that hangs holds its connections as long.',
      source: `${PROXY}#proxy_read_timeout`,
      verified: 'run',
    },
    {
      topic: 'error_page',
      where:
        'in the `server`, in place of each `error_page` for these; a `location` with one of its own does not inherit it',
      snippet: `error_page 502 503 504 @model_unreachable;
location @model_unreachable {
  internal;
  default_type application/json;
  return 503 '{"error":{"type":"gateway_error","message":"The gateway got no answer from the model."}}';
}`,
      why: 'An error keeps its status, so that the SDK asks again, and is JSON, so that the app can read it.',
      bites: '`error_page 502 =200 /sorry.html` makes a success of a failure; without it, the page is HTML.',
      since: '0.8.42',
      source: `${CORE}#error_page`,
      verified: 'run',
    },
    {
      topic: 'request_size',
      where: LOCATION,
      snippet: 'client_max_body_size 32m;',
      why: 'Pictures and long conversations are large: beyond the limit the answer is a 413.',
      bites: '1 MB.',
      costs: 'Whoever may ask may send as much, which nginx puts into a file first.',
      source: `${CORE}#client_max_body_size`,
      verified: 'run',
    },
  ],
  without: { duration_limit: 'It has no timer for a whole answer.' },
}
