import type { Product } from '../setting.ts'

export const traefik: Product = {
  id: 'traefik',
  name: 'Traefik',
  kind: 'hop',
  settings: [
    {
      topic: 'compression',
      where: 'in the dynamic configuration, in place of the middleware there, whose name it may have',
      snippet: `http:
  middlewares:
    compress:
      compress:
        excludedContentTypes:
          - text/event-stream`,
      why: 'Before 3.3.5 a compressed answer begins only when there are 1024 bytes of it, and none has to be compressed.',
      bites: 'Where `compress` is used, it compresses event streams too: only gRPC is left out.',
      since: '2.4.3',
      source:
        'https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/compress/#opt-excludedContentTypes',
      verified: 'documented',
    },
    {
      topic: 'request_size',
      where: 'in the static configuration, in the `entryPoint`',
      snippet: 'transport:\n  respondingTimeouts:\n    readTimeout: 600s',
      why: 'It ends a request that is not read in time: long prompts on slow lines.',
      bites: '60 s since 2.11.2 and 3.0, none before.',
      costs: 'A client that sends slowly on purpose holds its connection as long, on every route of the entry point.',
      since: '2.0',
      source:
        'https://doc.traefik.io/traefik/reference/install-configuration/entrypoints/#opt-transport-respondingTimeouts-readTimeout',
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It flushes event streams at once, whatever `flushInterval` says; leave the `buffering` middleware out.',
    idle_timeout: 'It has no timer for silence in an answer: the 180 s of `idleTimeout` count between requests.',
    duration_limit:
      'No limit, unless `respondingTimeouts.writeTimeout` is set; when it stops, `lifeCycle.graceTimeOut` ends answers after 10 s.',
    first_byte: 'No timer, unless `forwardingTimeouts.responseHeaderTimeout` is set.',
    error_page: 'It passes errors on, unless the `errors` middleware is used.',
  },
}
