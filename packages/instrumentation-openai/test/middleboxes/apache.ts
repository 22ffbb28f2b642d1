import { CLOSED, ENDED, NOTHING, SILENT, page, type Middlebox } from './middlebox.ts'

const MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'filter', 'deflate', 'env', 'setenvif']

/** What stands in the virtual host of a route, and the parameters of its `ProxyPass`. */
const HOSTS: Readonly<Record<string, readonly [host: string, parameters: string]>> = {
  plain: ['', ''],
  flushed: ['', 'flushpackets=on'],
  deflated: ['SetOutputFilter DEFLATE', ''],
  deflated_flushed: ['SetOutputFilter DEFLATE', 'flushpackets=on'],
  http10: ['SetEnv force-proxy-request-1.0 1\n  SetEnv proxy-nokeepalive 1', ''],
  timeout: ['', 'timeout=2'],
  error_page: ['ProxyErrorOverride On\n  ErrorDocument 502 "<html><body>We are sorry.</body></html>"', ''],
  nobody: ['', 'retry=0'],
}

export const apache: Middlebox = {
  name: 'apache',
  install: 'apt-get install apache2-bin',
  program: 'apache2',
  routes: Object.keys(HOSTS),
  files: ({ port, upstream, nobody, folder }) => ({
    'apache.conf': `
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ServerName localhost
ErrorLog ${folder}/error.log
User www-data
Group www-data
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
StartServers 1
ServerLimit 2
ThreadsPerChild 64
MaxRequestWorkers 128
${Object.entries(HOSTS)
  .map(
    ([route, [text, parameters]]) => `
Listen 127.0.0.1:${port(route)}
<VirtualHost 127.0.0.1:${port(route)}>
  ${text}
  ProxyPass / http://127.0.0.1:${route === 'nobody' ? nobody : upstream}/ ${parameters}
</VirtualHost>`,
  )
  .join('')}
`,
  }),
  args: ({ folder }) => ['-DFOREGROUND', '-d', folder, '-f', 'apache.conf'],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes events on, flushed', 'flushed', 'paced', NOTHING],
    ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
    ['passes events on from HTTP/1.0', 'http10', 'paced', NOTHING],
    ['passes compressed events on', 'deflated', 'paced', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
    ['a closed upstream of HTTP/1.0 is an end', 'http10', 'paced_close', ENDED],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    ['an upstream that falls silent', 'timeout', 'paced_stall', SILENT],
    ['an upstream that answers too late', 'timeout', 'slow_headers', page('502')],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
    ['a page of the operator', 'error_page', 'close_before_headers', page('502')],
    ['nobody listens', 'nobody', 'plain', page('503')],
  ],
}
