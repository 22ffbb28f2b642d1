import type { Product } from '../setting.ts'

export const lighttpd: Product = {
  id: 'lighttpd',
  name: 'lighttpd',
  kind: 'hop',
  settings: [
    {
      topic: 'buffering',
      where: 'where `proxy.server` is set',
      snippet: 'server.stream-response-body = 1',
      why: 'Each piece goes on when it comes, instead of when the answer is whole.',
      bites: '0: the whole answer is held back.',
      costs: 'What a slow client has not read yet is kept in temporary files.',
      since: '1.4.40',
      source: 'https://redmine.lighttpd.net/projects/lighttpd/wiki/Server_stream-response-bodyDetails',
      verified: 'run',
    },
  ],
  without: {
    compression: 'mod_deflate compresses no answer that comes in pieces.',
    idle_timeout: 'It waits for ever, unless `proxy.server` has a `read-timeout`, which is to be raised there.',
    duration_limit: 'It has no timer for a whole answer.',
    first_byte: 'It waits for ever, unless `proxy.server` has a `read-timeout`, which is to be raised there.',
    error_page: 'It passes errors of the upstream on, and its own pages have their own status.',
    request_size: 'No limit, unless `server.max-request-size` is set, which is to be raised there.',
  },
}
