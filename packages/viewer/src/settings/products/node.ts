import type { Product } from '../setting.ts'

export const node: Product = {
  id: 'node',
  name: 'Node.js',
  kind: 'client',
  settings: [
    {
      topic: 'connection',
      where: 'in the environment of the application, with the address of the proxy',
      snippet: 'NODE_USE_ENV_PROXY=1\nHTTPS_PROXY=http://proxy.example.com:3128\nNO_PROXY=localhost,127.0.0.1',
      why: '`fetch` goes through the proxy of the network, without which there may be no way out.',
      bites: '`fetch` takes no notice of `HTTPS_PROXY` unless it is told to.',
      costs: 'The proxy sees whom the application talks to: use it only if you trust it.',
      since: '22.21 and 24.0',
      source: 'https://nodejs.org/api/cli.html#node_use_env_proxy1',
      verified: 'documented',
    },
    {
      topic: 'connection',
      where: 'in the environment of the application, with the certificate of whoever inspects TLS',
      snippet: 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-root.pem',
      why: 'A proxy that inspects TLS signs with a certificate that Node.js does not know.',
      bites: 'Node.js trusts the certificates that it comes with, and not those of the system.',
      costs: 'Whoever has the key of that certificate can read and change what the application sends.',
      since: '7.3',
      source: 'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
      verified: 'documented',
    },
  ],
  without: {
    client_headers: 'Its fetch is undici, which has that timer.',
    client_body: 'Its fetch is undici, which has that timer.',
    client_deadline: 'It has none of its own.',
  },
}
