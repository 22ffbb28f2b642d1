import type { Product } from '../setting.ts'

const PROXY = 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html'
const WHERE = 'in the `<VirtualHost>` that proxies; a `timeout=` of its `ProxyPass` has precedence'

export const apache: Product = {
  id: 'apache',
  name: 'Apache httpd',
  kind: 'hop',
  settings: [
    {
      topic: 'idle_timeout',
      where: WHERE,
      snippet: 'ProxyTimeout 600',
      why: 'It counts the silence of the upstream: a model that reasons is silent for minutes.',
      bites: '`ProxyTimeout` is `Timeout`: 60 s, and 300 s in the configuration that Debian ships.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '2.0.31',
      source: `${PROXY}#proxytimeout`,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: WHERE,
      snippet: 'ProxyTimeout 600',
      why: 'The same timer is for the wait for the headers, which ends as a page with 502 or 504.',
      bites: '`ProxyTimeout` is `Timeout`: 60 s.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '2.0.31',
      source: `${PROXY}#proxytimeout`,
      verified: 'run',
    },
    {
      topic: 'error_page',
      where: 'in the `<VirtualHost>` that proxies',
      snippet: '<Location "/">\n  ProxyErrorOverride Off\n</Location>',
      why: 'The JSON with which the provider says what is wrong arrives, instead of a page about it.',
      bites: 'Off, and bites where `ProxyErrorOverride On` with `ErrorDocument` is set for a web site.',
      since: '2.4',
      source: `${PROXY}#proxyerroroverride`,
      verified: 'run',
    },
  ],
  without: {
    buffering: 'mod_proxy_http sends on what it has whenever its upstream pauses.',
    compression: 'mod_deflate flushes whenever the upstream pauses.',
    duration_limit: 'It has no timer for a whole answer.',
    request_size: '`LimitRequestBody` does not count for requests that are proxied.',
  },
}
