import { lighttpd as plain } from '../middleboxes/lighttpd.ts'
import { BUFFERED } from '../middleboxes/middlebox.ts'
import type { TriedProduct } from './trial.ts'

export const lighttpd: TriedProduct = {
  ...plain,
  id: 'lighttpd',
  trials: { buffering: { upstream: 'long', broken: BUFFERED } },
  files: ({ port, upstream, folder }, paste) => ({
    'lighttpd.conf': `
server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${port('buffering')}
server.errorlog = "${folder}/error.log"
server.upload-dirs = ("${folder}")
server.modules = ("mod_proxy")
${paste('buffering')}
proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${upstream})))
`,
  }),
}
