import { BUFFERED, CLOSED, COALESCED, ENDED, NOTHING, SILENT, page, type Finding, type Middlebox } from './middlebox.ts'

const MODERN = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const UNBUFFERED = `${MODERN} proxy_buffering off;`
const GZIP = 'gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;'

/** What stands in the `location` of a route, before its `proxy_pass`. */
const LOCATIONS: Readonly<Record<string, string>> = {
  defaults: '',
  buffered: `${MODERN} proxy_buffering on;`,
  unbuffered: UNBUFFERED,
  http10: 'proxy_buffering off;',
  gzip_buffered: `${MODERN} ${GZIP}`,
  gzip_unbuffered: `${UNBUFFERED} ${GZIP}`,
  read_timeout: `${UNBUFFERED} proxy_read_timeout 2s;`,
  read_timeout_buffered: `${MODERN} proxy_read_timeout 2s;`,
  read_timeout_http10: 'proxy_buffering off; proxy_read_timeout 2s;',
  error_page: `${UNBUFFERED} proxy_intercept_errors on; error_page 500 502 504 /sorry.html;`,
  error_page_200: `${UNBUFFERED} proxy_intercept_errors on; error_page 500 502 504 =200 /sorry.html;`,
  limit: `${UNBUFFERED} limit_req zone=few;`,
  small_body: `${UNBUFFERED} client_max_body_size 1k;`,
  nobody: UNBUFFERED,
}

const PAGE_WITH_200: Finding = { code: 'not_event_stream', causes: ['proxy_error_page'] }

export const nginx: Middlebox = {
  name: 'nginx',
  install: 'apt-get install nginx-light',
  program: 'nginx',
  majors: [4, 5, 6, 7],
  routes: Object.keys(LOCATIONS),
  files: ({ port, upstream, nobody, folder }) => ({
    'nginx.conf': `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  limit_req_zone $server_port zone=few:32k rate=1r/m;
  ${Object.entries(LOCATIONS)
    .map(
      ([route, text]) => `server {
    listen 127.0.0.1:${port(route)};
    location / { ${text} proxy_pass http://127.0.0.1:${route === 'nobody' ? nobody : upstream}; }
    location = /sorry.html { root ${folder}; internal; }
  }`,
    )
    .join('\n  ')}
}
`,
    'sorry.html': '<!DOCTYPE html><html><body><h1>We are sorry.</h1></body></html>\n',
  }),
  args: ({ folder }) => ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
  cases: [
    ['passes events on unbuffered', 'unbuffered', 'paced', NOTHING],
    ['passes a body with a length on', 'unbuffered', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'unbuffered', 'paced_until_close', NOTHING],
    ['passes events on from HTTP/1.0', 'http10', 'paced', NOTHING],
    ['passes chunks on although it buffers', 'buffered', 'paced', NOTHING],
    ['does not buffer what says no to it', 'defaults', 'paced_accel', NOTHING],
    ['passes compressed events on', 'gzip_unbuffered', 'paced', NOTHING],
    ['does not buffer what says no to it, compressed', 'gzip_buffered', 'paced_accel', NOTHING],
    ['passes a short answer on', 'defaults', 'plain', NOTHING],
    ['gives a model time to think', 'unbuffered', 'paced_thinking', NOTHING],
    ['shows a pause of the model', 'unbuffered', 'paced_pause', { anomalies: ['stalled'] }],
    [
      'shows a pause of the model below the buffer',
      'defaults',
      'quick_pause',
      { ...COALESCED, anomalies: ['stalled', 'coalesced'] },
    ],
    ['blocks of 4096 bytes from HTTP/1.0', 'defaults', 'quick', COALESCED],
    ['blocks of 4096 bytes of a body with a length', 'buffered', 'quick_length', COALESCED],
    ['blocks of 4096 bytes of a body until the end', 'buffered', 'quick_until_close', COALESCED],
    ['a compressed and buffered answer comes at once', 'gzip_buffered', 'long', BUFFERED],
    ['a reset upstream is a closed connection', 'unbuffered', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'unbuffered', 'paced_close', CLOSED],
    ['an upstream that ends in order is an end', 'unbuffered', 'paced_end', ENDED],
    ['a closed upstream of HTTP/1.0 is an end', 'http10', 'paced_close', ENDED],
    ['a closed upstream of HTTP/1.0 is an end, in blocks', 'defaults', 'quick_close', { ...ENDED, ...COALESCED }],
    ['an upstream that falls silent is a closed connection', 'read_timeout', 'paced_stall', SILENT],
    ['an upstream that falls silent, buffered', 'read_timeout_buffered', 'paced_stall', SILENT],
    ['an upstream that falls silent, HTTP/1.0', 'read_timeout_http10', 'paced_stall', SILENT],
    ['nobody listens', 'nobody', 'plain', page('502')],
    ['an upstream that dies before its headers', 'unbuffered', 'close_before_headers', page('502')],
    ['an upstream that answers too late', 'read_timeout', 'slow_headers', page('504')],
    ['a page of the operator', 'error_page', 'reset_before_headers', page('502')],
    ['a page of the operator with status 200', 'error_page_200', 'reset_before_headers', PAGE_WITH_200],
    ['a page with status 200 in place of a late answer', 'error_page_200', 'close_before_headers', PAGE_WITH_200],
    ['too many requests', 'limit', 'plain', page('503'), { times: 2 }],
    ['too large a prompt', 'small_body', 'plain', page('413'), { promptBytes: 5000 }],
  ],
}
