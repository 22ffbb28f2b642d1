import { caddy as plain } from '../middleboxes/caddy.ts'
import { ENDED, page } from '../middleboxes/middlebox.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

const SHORT = 'transport http {\n read_timeout 1s\n response_header_timeout 1s\n }'

/** What stands in the `reverse_proxy` of a topic, where the snippet takes its place. */
const PROXIES: Readonly<Record<string, string>> = { idle_timeout: SHORT, first_byte: SHORT }

/** What stands in the site of a topic, where the snippet takes its place. */
const SITES: Readonly<Record<string, string>> = { request_size: 'request_body {\n max_size 1KB\n }' }

export const caddy: TriedProduct = {
  ...plain,
  id: 'caddy',
  trials: {
    idle_timeout: {
      upstream: 'paced_silence',
      broken: { ...ENDED, causes: ['proxy_idle_timeout', 'provider_truncation'] },
    },
    first_byte: { upstream: 'paced_late', broken: page('504') },
    request_size: { upstream: 'plain', broken: page('502'), more: { promptBytes: 5000 } },
  },
  files: ({ port, upstream }, paste) => ({
    Caddyfile: `{
  admin off
  auto_https off
  default_bind 127.0.0.1
}
${topicsOf(caddy)
  .map((topic) => {
    const text = (replaced: Readonly<Record<string, string>>): string =>
      replaced[topic] === undefined ? '' : paste(topic) || replaced[topic]
    return `
http://127.0.0.1:${port(topic)} {
  ${text(SITES)}
  reverse_proxy 127.0.0.1:${upstream} {
    ${text(PROXIES)}
  }
}`
  })
  .join('')}
`,
  }),
}
