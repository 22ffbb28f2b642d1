import { haproxy as plain } from '../middleboxes/haproxy.ts'
import { COALESCED, SILENT, page } from '../middleboxes/middlebox.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

const SHORT = 'option http-no-delay\n  timeout server 1s'

/** What stands in the `defaults` of a topic. */
const DEFAULTS: Readonly<Record<string, string>> = { idle_timeout: SHORT, first_byte: SHORT }

/** What stands in the backend of a topic, where the snippet takes its place. */
const REPLACED: Readonly<Record<string, string>> = {
  request_size: 'http-request deny deny_status 413 if { req.body_size gt 1000 }',
}

export const haproxy: TriedProduct = {
  ...plain,
  id: 'haproxy',
  trials: {
    buffering: { upstream: 'brisk', broken: { ...COALESCED, heldBack: 'guess' } },
    idle_timeout: { upstream: 'paced_silence', broken: SILENT },
    first_byte: { upstream: 'paced_late', broken: page('504') },
    request_size: { upstream: 'plain', broken: page('413'), more: { promptBytes: 5000 } },
  },
  files: ({ port, upstream }, paste) => ({
    'haproxy.cfg': topicsOf(haproxy)
      .map(
        (topic) => `
defaults for_${topic}
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  ${DEFAULTS[topic] ?? ''}
frontend front_${topic}
  bind 127.0.0.1:${port(topic)}
  default_backend ${topic}
backend ${topic}
  ${paste(topic) || (REPLACED[topic] ?? '')}
  server model 127.0.0.1:${upstream}
`,
      )
      .join(''),
  }),
}
