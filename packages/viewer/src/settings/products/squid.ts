import type { Product } from '../setting.ts'

const READ_TIMEOUT = 'http://www.squid-cache.org/Doc/config/read_timeout/'

export const squid: Product = {
  id: 'squid',
  name: 'Squid',
  kind: 'hop',
  settings: [
    {
      topic: 'idle_timeout',
      where: 'at the end of squid.conf',
      snippet: 'read_timeout 15 minutes',
      why: 'It counts the silence of the server: a model that reasons is silent for minutes.',
      bites: '15 minutes, unless somebody set less.',
      source: READ_TIMEOUT,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: 'at the end of squid.conf',
      snippet: 'read_timeout 15 minutes',
      why: 'The same timer is for the wait for the headers, which ends as a 504.',
      bites: '15 minutes, unless somebody set less.',
      source: READ_TIMEOUT,
      verified: 'run',
    },
    {
      topic: 'request_size',
      where: 'at the end of squid.conf',
      snippet: 'request_body_max_size 32 MB',
      why: 'Pictures and long conversations are large: beyond the limit the answer is a 413.',
      bites: 'No limit, unless somebody set one.',
      source: 'http://www.squid-cache.org/Doc/config/request_body_max_size/',
      verified: 'run',
    },
  ],
  without: {
    buffering: 'It sends on what it has.',
    compression: 'It compresses nothing.',
    duration_limit: 'It has no timer for a whole answer; `client_lifetime` is a day.',
    error_page: 'It passes errors of the server on, and its own pages have their own status.',
  },
}
