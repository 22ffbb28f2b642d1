import { apache as plain } from '../middleboxes/apache.ts'
import { SILENT, page } from '../middleboxes/middlebox.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

const MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http']

/** What stands in the virtual host of a topic. */
const HOSTS: Readonly<Record<string, string>> = {
  // `ProxyTimeout` is this where it is not set.
  idle_timeout: 'Timeout 1',
  first_byte: 'Timeout 1',
  error_page: 'ProxyErrorOverride On\n  ErrorDocument 429 "<html><body>We are sorry.</body></html>"',
}

export const apache: TriedProduct = {
  ...plain,
  id: 'apache',
  trials: {
    idle_timeout: { upstream: 'paced_silence', broken: SILENT },
    first_byte: { upstream: 'paced_late', broken: page('502') },
    error_page: {
      upstream: 'http_429',
      broken: page('429'),
      healed: { code: '429', causes: ['provider_error'] },
    },
  },
  files: ({ port, upstream, folder }, paste) => ({
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
${topicsOf(apache)
  .map(
    (topic) => `
Listen 127.0.0.1:${port(topic)}
<VirtualHost 127.0.0.1:${port(topic)}>
  ${HOSTS[topic] ?? ''}
  ${paste(topic)}
  ProxyPass / http://127.0.0.1:${upstream}/
</VirtualHost>`,
  )
  .join('')}
`,
  }),
}
