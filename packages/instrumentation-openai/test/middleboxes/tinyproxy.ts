import { CLOSED, ENDED, NOTHING, SILENT, UNANSWERED, type Middlebox, type MiddleboxCase } from './middlebox.ts'

const COMMON = 'Listen 127.0.0.1\nTimeout 1\nMaxClients 100\n'

const CASES: readonly MiddleboxCase[] = [
  ['passes events on', 'plain', 'paced', NOTHING],
  ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
  ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
  ['gives a model time to think', 'plain', 'thinking', NOTHING],
  ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
  ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
  ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
  ['an upstream that dies before its headers', 'plain', 'close_before_headers', UNANSWERED],
  ['an upstream that answers too late', 'plain', 'slow_headers', UNANSWERED],
]

/** Before the model. */
export const tinyproxy: Middlebox = {
  name: 'tinyproxy',
  install: 'apt-get install tinyproxy-bin',
  program: 'tinyproxy',
  routes: ['plain'],
  files: ({ port, upstream }) => ({
    'tinyproxy.conf': `${COMMON}Port ${port('plain')}\nReverseOnly Yes\nReversePath "/" "http://127.0.0.1:${upstream}/"\n`,
  }),
  args: () => ['-d', '-c', 'tinyproxy.conf'],
  cases: [...CASES, ['an upstream that falls silent', 'plain', 'paced_stall', SILENT]],
}

/** Before the client. */
export const tinyproxyForward: Middlebox = {
  ...tinyproxy,
  name: 'tinyproxy forward',
  forward: 'absolute',
  files: ({ port }) => ({ 'tinyproxy.conf': `${COMMON}Port ${port('plain')}\n` }),
  cases: [...CASES, ['an upstream that falls silent', 'plain', 'paced_stall', SILENT]],
}

/** A tunnel: nothing of it can be seen in a response. */
export const tinyproxyConnect: Middlebox = {
  ...tinyproxyForward,
  name: 'tinyproxy connect',
  forward: 'connect',
  cases: [...CASES, ['an upstream that falls silent', 'plain', 'paced_stall', SILENT]],
}
