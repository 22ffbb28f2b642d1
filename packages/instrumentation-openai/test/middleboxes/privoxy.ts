import {
  BUFFERED,
  CLOSED,
  ENDED,
  NOTHING,
  SILENT,
  UNANSWERED,
  page,
  type Finding,
  type Middlebox,
  type Place,
} from './middlebox.ts'

function files({ folder, port }: Place, text: string): Readonly<Record<string, string>> {
  const own = `confdir ${folder}\ntempldir /etc/privoxy/templates\nlogdir ${folder}\n`
  return { 'privoxy.conf': `${own}listen-address 127.0.0.1:${port('plain')}\n${text}\n` }
}

/** A forward proxy that may rewrite what it passes on. */
export const privoxy: Middlebox = {
  name: 'privoxy',
  install: 'apt-get install privoxy',
  program: 'privoxy',
  routes: ['plain'],
  forward: 'absolute',
  files: (place) => files(place, ''),
  args: ({ folder }) => ['--no-daemon', `${folder}/privoxy.conf`],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('502')],
  ],
}

/** Its timer is for all of it. */
export const privoxyTimer: Middlebox = {
  ...privoxy,
  name: 'privoxy timer',
  files: (place) => files(place, 'socket-timeout 2'),
  cases: [
    ['an upstream that falls silent', 'plain', 'paced_stall', SILENT],
    ['an upstream that answers too late', 'plain', 'slow_headers', page('504')],
  ],
}

/** Nothing in a response tells of it. */
const HELD_BACK: Finding = { ...BUFFERED, heldBack: 'guess' }

/** It holds back what it filters. */
export const privoxyFilter: Middlebox = {
  ...privoxy,
  name: 'privoxy filter',
  files: (place) => ({
    ...files(place, 'filterfile own.filter\nactionsfile own.action\nbuffer-limit 4096'),
    'own.filter': 'FILTER: quiet Nothing that a model says.\ns@quiet-as-a-mouse@@\n',
    'own.action': '{+filter{quiet} +force-text-mode}\n/\n',
  }),
  cases: [
    ['holds an answer back until it is whole', 'plain', 'long', HELD_BACK],
    ['a reset upstream is no answer at all', 'plain', 'paced_reset', UNANSWERED],
    ['a closed upstream is a closed connection', 'plain', 'long_close', { ...CLOSED, ...HELD_BACK }],
    ['an upstream that ends in order is an end', 'plain', 'long_end', { ...ENDED, ...HELD_BACK }],
  ],
}
