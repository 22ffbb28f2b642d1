import type { Product } from '../setting.ts'

const DOCS = 'https://docs.haproxy.org/3.2/configuration.html'

export const haproxy: Product = {
  id: 'haproxy',
  name: 'HAProxy',
  kind: 'hop',
  settings: [
    {
      topic: 'buffering',
      where: 'in the `backend` of the model',
      snippet: 'option http-no-delay',
      why: 'Small pieces leave at once; without it the kernel waits 200 ms for more to fill a packet.',
      bites: 'Off.',
      costs: 'More packets and more CPU: its manual keeps it for those who need each piece at once.',
      since: '1.5',
      source: `${DOCS}#4.2-option%20http-no-delay`,
      verified: 'run',
    },
    {
      topic: 'idle_timeout',
      where: 'in the `backend` of the model',
      snippet: 'timeout server 10m',
      why: 'It counts the silence of the server: a model that reasons is silent for minutes.',
      bites: 'None by itself; 50 s in the configuration that Debian ships.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '1.3.14',
      source: `${DOCS}#4.2-timeout%20server`,
      verified: 'run',
    },
    {
      topic: 'first_byte',
      where: 'in the `backend` of the model',
      snippet: 'timeout server 10m',
      why: 'The same timer is for the wait for the headers, which ends as a 504.',
      bites: '50 s in the configuration that Debian ships.',
      costs: 'An upstream that hangs holds its connections as long.',
      since: '1.3.14',
      source: `${DOCS}#4.2-timeout%20server`,
      verified: 'run',
    },
    {
      topic: 'request_size',
      where: 'in the `backend` of the model, in place of the rule there, whose limit it is',
      snippet: 'http-request deny deny_status 413 if { req.body_size gt 33554432 }',
      why: 'Pictures and long conversations are large: beyond a limit that somebody set the answer is a 413.',
      bites: 'None by itself.',
      since: '1.6',
      source: `${DOCS}#7.3.6-req.body_size`,
      verified: 'run',
    },
  ],
  without: {
    compression: 'It flushes what it compresses with each piece.',
    duration_limit:
      'It has no timer for a whole answer; at a reload `hard-stop-after` ends old ones, and is off by default.',
    error_page: 'It passes errors of the server on, and its own pages have their own status.',
  },
}
