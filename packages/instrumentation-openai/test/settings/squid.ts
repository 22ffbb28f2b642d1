import { SILENT, page } from '../middleboxes/middlebox.ts'
import { squid as plain } from '../middleboxes/squid.ts'
import { topicsOf, type TriedProduct } from './trial.ts'

export const squid: TriedProduct = {
  ...plain,
  id: 'squid',
  trials: {
    idle_timeout: { upstream: 'paced_silence', broken: SILENT },
    first_byte: { upstream: 'paced_late', broken: page('504') },
    request_size: { upstream: 'plain', broken: page('413'), more: { promptBytes: 5000 } },
  },
  files: ({ port, upstream, folder }, paste) => ({
    'squid.conf': `
pid_filename none
access_log none
cache_store_log none
cache deny all
http_access allow all
shutdown_lifetime 0 seconds
pinger_enable off
icon_directory /usr/share/squid/icons
visible_hostname gateway
cache_log ${folder}/cache.log
coredump_dir ${folder}
${topicsOf(squid)
  .map((topic) => `http_port 127.0.0.1:${port(topic)} accel defaultsite=127.0.0.1`)
  .join('\n')}
cache_peer 127.0.0.1 parent ${upstream} 0 no-query no-digest originserver name=model
never_direct allow all
read_timeout 1 seconds
request_body_max_size 1 KB
${[...new Set(topicsOf(squid).map(paste))].join('\n')}
`,
  }),
}
