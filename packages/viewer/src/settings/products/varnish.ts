import type { Product } from '../setting.ts'

const TIMERS = `sub vcl_backend_fetch {
  set bereq.first_byte_timeout = 600s;
  set bereq.between_bytes_timeout = 600s;
}`

export const varnish: Product = {
  id: 'varnish',
  name: 'Varnish',
  kind: 'hop',
  settings: [
    {
      topic: 'buffering',
      where: 'at the end of the VCL',
      snippet: `sub vcl_backend_response {
  if (beresp.http.Content-Type ~ "^text/event-stream") {
    set beresp.do_stream = true;
    set beresp.do_gzip = false;
    set beresp.uncacheable = true;
  }
}`,
      why: 'The answer goes on while it comes, instead of when it is whole.',
      bites: '`do_stream` is true, and bites where somebody turned it off.',
      costs: 'Answers of that type are not cached.',
      since: '4.0',
      source: 'https://varnish-cache.org/docs/trunk/reference/vcl-var.html',
      verified: 'run',
    },
    {
      topic: 'idle_timeout',
      where: 'at the end of the VCL',
      snippet: TIMERS,
      why: '`between_bytes_timeout` counts the silence of the backend: a model that reasons is silent for minutes.',
      bites: '60 s without a byte end the answer.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '4.0',
      source: 'https://varnish-cache.org/docs/trunk/reference/varnishd.html#between-bytes-timeout',
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: 'at the end of the VCL',
      snippet: TIMERS,
      why: '`first_byte_timeout` counts the wait for the headers, which ends as a 503.',
      bites: '60 s.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '4.0',
      source: 'https://varnish-cache.org/docs/trunk/reference/varnishd.html#first-byte-timeout',
      verified: 'run',
    },
  ],
  without: {
    compression: 'It compresses only where `beresp.do_gzip` is set, which the snippet for buffering takes back.',
    duration_limit: 'It has no timer for a whole answer.',
    error_page: 'It passes errors of the backend on, and its own page has status 503.',
    request_size: 'No limit of its own.',
  },
}
