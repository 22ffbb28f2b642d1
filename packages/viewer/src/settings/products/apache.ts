import type { Product } from '../setting.ts'

const PROXY = 'https://httpd.apache.org/docs/2.4/mod/mod_proxy.html'

export const apache: Product = {
  id: 'apache',
  name: 'Apache httpd',
  kind: 'hop',
  settings: [
    {
      topic: 'idle_timeout',
      where: 'in the `<VirtualHost>` that proxies',
      snippet: 'ProxyTimeout 600',
      why: 'It counts the silence of the upstream: a model that reasons is silent for minutes.',
      bites: '`ProxyTimeout` is `Timeout`: 60 s, and 300 s in configurations that distributions ship.',
      since: '2.0.31',
      source: `${PROXY}#proxytimeout`,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: 'in the `<VirtualHost>` that proxies',
      snippet: 'ProxyTimeout 600',
      why: 'The same timer is for the wait for the headers, which ends as a page with 502 or 504.',
      bites: '`ProxyTimeout` is `Timeout`: 60 s.',
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
      since: '2.0',
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
