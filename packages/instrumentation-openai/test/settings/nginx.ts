import { BUFFERED, COALESCED, SILENT, page } from '../middleboxes/middlebox.ts'
import { nginx as plain } from '../middleboxes/nginx.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

const MODERN = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const SHORT = `${MODERN} proxy_buffering off; proxy_read_timeout 1s;`

/** What stands in the `server` of a topic. */
const SERVERS: Readonly<Record<string, string>> = {
  compression: `${MODERN} gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;`,
  idle_timeout: SHORT,
  first_byte: SHORT,
  request_size: 'client_max_body_size 1k;',
}

export const nginx: TriedProduct = {
  ...plain,
  id: 'nginx',
  trials: {
    buffering: { upstream: 'quick', broken: COALESCED },
    compression: { upstream: 'long', broken: BUFFERED },
    idle_timeout: { upstream: 'paced_silence', broken: SILENT },
    first_byte: { upstream: 'paced_late', broken: page('504') },
    error_page: {
      upstream: 'reset_before_headers',
      broken: { code: 'not_event_stream', causes: ['proxy_error_page'] },
      healed: page('502'),
    },
    request_size: { upstream: 'plain', broken: page('413'), more: { promptBytes: 5000 } },
  },
  files: ({ port, upstream, folder }, paste) => ({
    'nginx.conf': `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  error_page 502 =200 /sorry.html;
  ${topicsOf(nginx)
    .map(
      (topic) => `server {
    listen 127.0.0.1:${port(topic)};
    ${SERVERS[topic] ?? ''}
    ${topic === 'error_page' ? paste(topic) : ''}
    location / {
      ${topic === 'error_page' ? '' : paste(topic)}
      proxy_pass http://127.0.0.1:${upstream};
    }
    location = /sorry.html { root ${folder}; internal; }
  }`,
    )
    .join('\n  ')}
}
`,
    'sorry.html': '<!DOCTYPE html><html><body><h1>We are sorry.</h1></body></html>\n',
  }),
}
