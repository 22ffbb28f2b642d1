import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import { lighttpd } from './lighttpd.ts'
import type { Middlebox } from './middlebox.ts'
import { mitmproxy } from './mitmproxy.ts'
import { nginx } from './nginx.ts'
import { nodeProxy } from './node-proxy.ts'
import { privoxy, privoxyFilter, privoxyTimer } from './privoxy.ts'
import { squid, squidConnect, squidForward, squidTimer } from './squid.ts'
import { tinyproxy, tinyproxyConnect, tinyproxyConnectTimer, tinyproxyForward, tinyproxyTimer } from './tinyproxy.ts'
import { varnish } from './varnish.ts'

/** Every middlebox that is tried. */
export const MIDDLEBOXES: readonly Middlebox[] = [
  nginx,
  haproxy,
  apache,
  caddy,
  lighttpd,
  varnish,
  squid,
  squidForward,
  squidConnect,
  squidTimer,
  tinyproxy,
  tinyproxyForward,
  tinyproxyTimer,
  tinyproxyConnect,
  tinyproxyConnectTimer,
  privoxy,
  privoxyTimer,
  privoxyFilter,
  nodeProxy,
  mitmproxy,
]
