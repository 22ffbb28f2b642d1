import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { haproxy } from './haproxy.ts'
import { lighttpd } from './lighttpd.ts'
import type { Middlebox } from './middlebox.ts'
import { nginx } from './nginx.ts'
import { privoxy, privoxyFilter } from './privoxy.ts'
import { squid, squidConnect, squidForward } from './squid.ts'
import { tinyproxy, tinyproxyConnect, tinyproxyForward } from './tinyproxy.ts'
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
  tinyproxy,
  tinyproxyForward,
  tinyproxyConnect,
  privoxy,
  privoxyFilter,
]
