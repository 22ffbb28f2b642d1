import { CLOSED, ENDED, NOTHING, UNANSWERED, page, type Middlebox, type Place } from './middlebox.ts'

const install = 'apt-get install squid'
const COMMON = `
pid_filename none
access_log none
cache_store_log none
cache deny all
http_access allow all
shutdown_lifetime 0 seconds
connect_timeout 2 seconds
pinger_enable off
icon_directory /usr/share/squid/icons
`

function files(place: Place, routes: readonly string[], text: string, settings = ''): Readonly<Record<string, string>> {
  const { folder, upstream, nobody } = place
  return {
    'squid.conf': `${COMMON}
visible_hostname gateway
${settings}
cache_log ${folder}/cache.log
coredump_dir ${folder}
${routes.map((route) => `http_port 127.0.0.1:${place.port(route)} name=${route} ${text}`).join('\n')}
${
  text === ''
    ? ''
    : `cache_peer 127.0.0.1 parent ${upstream} 0 no-query no-digest originserver name=model
cache_peer 127.0.0.1 parent ${nobody} 0 no-query no-digest originserver name=nobody
acl to_nobody myportname nobody
cache_peer_access nobody allow to_nobody
cache_peer_access model deny to_nobody
never_direct allow all`
}
`,
  }
}

const args = (): readonly string[] => ['-N', '-f', 'squid.conf']
const program = 'squid'

/** Before the model, as a gateway is. */
export const squid: Middlebox = {
  name: 'squid',
  install,
  program,
  routes: ['plain', 'nobody'],
  files: (place) => files(place, ['plain', 'nobody'], 'accel defaultsite=127.0.0.1'),
  args,
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
export const squidTimer: Middlebox = {
  ...squid,
  name: 'squid timer',
  files: (place) => files(place, ['plain', 'nobody'], 'accel defaultsite=127.0.0.1', 'read_timeout 2 seconds'),
  cases: [['an upstream that answers too late', 'plain', 'slow_headers', page('504')]],
}

/** Before the client, as in an office. */
export const squidForward: Middlebox = {
  name: 'squid forward',
  install,
  program,
  routes: ['plain'],
  forward: 'absolute',
  files: (place) => files(place, ['plain'], ''),
  args,
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

/** A tunnel: nothing of it can be seen in a response. */
export const squidConnect: Middlebox = {
  ...squidForward,
  name: 'squid connect',
  forward: 'connect',
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', UNANSWERED],
  ],
}
