import { BUFFERED, CLOSED, ENDED, NOTHING, SILENT, page, type Middlebox } from './middlebox.ts'

const ROUTES = ['plain', 'whole', 'timer', 'nobody']

export const varnish: Middlebox = {
  name: 'varnish',
  install: 'apt-get install varnish',
  program: 'varnishd',
  routes: ROUTES,
  files: ({ upstream, nobody }) => ({
    'gateway.vcl': `vcl 4.1;
backend model { .host = "127.0.0.1"; .port = "${upstream}"; }
backend timer { .host = "127.0.0.1"; .port = "${upstream}"; .first_byte_timeout = 2s; .between_bytes_timeout = 2s; }
backend nobody { .host = "127.0.0.1"; .port = "${nobody}"; }
sub vcl_recv {
  set req.backend_hint = model;
  if (local.socket == "nobody") { set req.backend_hint = nobody; }
  if (local.socket == "timer") { set req.backend_hint = timer; }
  set req.http.x-route = local.socket;
  return (pass);
}
sub vcl_backend_response {
  if (bereq.http.x-route == "whole") { set beresp.do_stream = false; }
}
`,
  }),
  args: ({ folder, port }) => [
    ...`-F -f ${folder}/gateway.vcl -n ${folder} -s malloc,16m -j none`.split(' '),
    ...ROUTES.flatMap((route) => ['-a', `${route}=127.0.0.1:${port(route)}`]),
  ],
  cases: [
    ['passes events on', 'plain', 'paced', NOTHING],
    ['passes a body with a length on', 'plain', 'paced_length', NOTHING],
    ['passes a body until the end of its connection on', 'plain', 'paced_until_close', NOTHING],
    ['gives a model time to think', 'plain', 'paced_thinking', NOTHING],
    ['holds an answer back until it is whole', 'whole', 'long', BUFFERED],
    ['a reset upstream is a closed connection', 'plain', 'paced_reset', CLOSED],
    ['a closed upstream is a closed connection', 'plain', 'paced_close', CLOSED],
    ['an upstream that ends in order is an end', 'plain', 'paced_end', ENDED],
    ['a closed upstream is a page, held back', 'whole', 'paced_close', page('503')],
    ['an upstream that falls silent', 'timer', 'paced_stall', SILENT],
    ['an upstream that answers too late', 'timer', 'slow_headers', page('503')],
    ['an upstream that dies before its headers', 'plain', 'close_before_headers', page('503')],
    ['nobody listens', 'nobody', 'plain', page('503')],
  ],
}
