import { join } from 'node:path'
import { BUFFERED, CLOSED, ENDED, NOTHING, page, type Middlebox } from './middlebox.ts'

const ROUTES = ['plain', 'compressed', 'flushed']

export const nodeProxy: Middlebox = {
  name: 'http-proxy and compression',
  install: 'pnpm install',
  program: process.execPath,
  routes: ROUTES,
  files: () => ({}),
  args: ({ upstream, port }) => [
    '--no-deprecation',
    join(import.meta.dirname, 'node-proxy.mjs'),
    `${upstream}`,
    ...ROUTES.map((route) => `${route}=${port(route)}`),
  ],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes events on, compressed and flushed', 'flushed', 'paced', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['gives a model time to think, compressed and flushed', 'flushed', 'paced_thinking', NOTHING],
    // The head of the compressed body comes at once, and nothing more until there is much to compress.
    ['holds back what it compresses', 'compressed', 'long', BUFFERED],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a reset upstream is a closed connection, compressed', 'flushed', 'paced_reset', CLOSED],
    ['a reset upstream takes with it what was held back', 'compressed', 'paced_reset', CLOSED],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    ['an upstream that ends in order is an end, held back', 'compressed', 'long_end', { ...ENDED, ...BUFFERED }],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
  ],
}
