import { BUFFERED, SILENT, page } from '../middleboxes/middlebox.ts'
import { varnish as plain } from '../middleboxes/varnish.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

export const varnish: TriedProduct = {
  ...plain,
  id: 'varnish',
  trials: {
    buffering: { upstream: 'long', broken: BUFFERED },
    idle_timeout: { upstream: 'paced_silence', broken: SILENT },
    first_byte: { upstream: 'paced_late', broken: page('503') },
  },
  files: ({ upstream }, paste) => ({
    'gateway.vcl': `vcl 4.1;
backend model { .host = "127.0.0.1"; .port = "${upstream}"; }
backend timer { .host = "127.0.0.1"; .port = "${upstream}"; .first_byte_timeout = 1s; .between_bytes_timeout = 1s; }
sub vcl_recv {
  set req.backend_hint = timer;
  if (local.socket == "buffering") { set req.backend_hint = model; }
  set req.http.x-route = local.socket;
  return (pass);
}
sub vcl_backend_response {
  if (bereq.http.x-route == "buffering") { set beresp.do_stream = false; }
}
${[...new Set(topicsOf(varnish).map(paste))].join('\n')}
`,
  }),
  args: ({ folder, port }) => [
    ...`-F -f ${folder}/gateway.vcl -n ${folder} -s malloc,16m -j none`.split(' '),
    ...topicsOf(varnish).flatMap((topic) => ['-a', `${topic}=127.0.0.1:${port(topic)}`]),
  ],
}
