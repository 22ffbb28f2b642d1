import { BUFFERED, ENDED, page, type Finding, type Middlebox } from './middlebox.ts'

/** Nothing in a response tells of it, but in its own pages. */
const HELD_BACK: Finding = { ...BUFFERED, heldBack: 'guess' }

/** Looks into streams, and by its defaults holds them back until they are whole. */
export const mitmproxy: Middlebox = {
  name: 'mitmproxy',
  install: 'apt-get install mitmproxy',
  isOptional: true,
  program: 'mitmdump',
  routes: ['plain'],
  files: () => ({}),
  args: ({ folder, port, upstream }) =>
    `-q --set confdir=${folder} --listen-host 127.0.0.1 -p ${port('plain')} --mode reverse:http://127.0.0.1:${upstream}`.split(
      ' ',
    ),
  cases: [
    ['holds an answer back until it is whole', 'plain', 'long', HELD_BACK],
    ['an upstream that ends in order is an end', 'plain', 'long_end', { ...ENDED, ...HELD_BACK }],
    ['a reset upstream is a page', 'plain', 'paced_reset', page('502')],
    ['a closed upstream is a page', 'plain', 'paced_close', page('502')],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
  ],
}
