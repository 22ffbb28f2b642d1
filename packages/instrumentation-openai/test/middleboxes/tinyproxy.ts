import {
  CLOSED,
  ENDED,
  NOTHING,
  SILENT,
  UNANSWERED,
  type Middlebox,
  type MiddleboxCase,
  type Place,
} from './middlebox.ts'

const CASES: readonly MiddleboxCase[] = [
  ['passes events on', 'plain', 'paced', NOTHING],
  ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
  ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
  ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
  ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
  ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
  ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
  ['an upstream that dies before its headers', 'plain', 'close_before_headers', UNANSWERED],
]
const SILENCES: readonly MiddleboxCase[] = [
  ['an upstream that answers too late', 'plain', 'slow_headers', UNANSWERED],
  ['an upstream that falls silent', 'plain', 'paced_stall', SILENT],
]

function files({ port }: Place, text: string): Readonly<Record<string, string>> {
  return { 'tinyproxy.conf': `Listen 127.0.0.1\nPort ${port('plain')}\nMaxClients 100\n${text}\n` }
}

/** Before the model. */
export const tinyproxy: Middlebox = {
  name: 'tinyproxy',
  install: 'apt-get install tinyproxy-bin',
  program: 'tinyproxy',
  routes: ['plain'],
  files: (place) => files(place, `ReverseOnly Yes\nReversePath "/" "http://127.0.0.1:${place.upstream}/"`),
  args: () => ['-d', '-c', 'tinyproxy.conf'],
  cases: CASES,
}

/** Before the client. */
export const tinyproxyForward: Middlebox = {
  ...tinyproxy,
  name: 'tinyproxy forward',
  forward: 'absolute',
  files: (place) => files(place, ''),
}

/** Its timer is for all of it. */
export const tinyproxyTimer: Middlebox = {
  ...tinyproxyForward,
  name: 'tinyproxy timer',
  files: (place) => files(place, 'Timeout 2'),
  cases: SILENCES,
}

/** A tunnel: nothing of it can be seen in a response. */
export const tinyproxyConnect: Middlebox = { ...tinyproxyForward, name: 'tinyproxy connect', forward: 'connect' }

export const tinyproxyConnectTimer: Middlebox = {
  ...tinyproxyTimer,
  name: 'tinyproxy connect timer',
  forward: 'connect',
}
