import type { IncomingMessage } from 'node:http'

import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { Refusal } from './answer.ts'

/** Who may send, by options that have been checked. */
export interface Access {
  readonly host: string
  readonly token: string | undefined
}

const DEFAULT_HOST = '127.0.0.1'
const MAX_TOKEN_LENGTH = 1024

/** @throws RangeError for a host or a token that is none, and for a host that others can reach without a token. */
export function accessOption(host: string = DEFAULT_HOST, token?: string): Access {
  if (!/^[^\s/[\]]+$/.test(host)) {
    throw new RangeError(`host must be an address or a name, but it is ${JSON.stringify(host)}`)
  }
  // Not told: a token belongs into no log.
  if (token !== undefined && (!/^[\x21-\x7e]+$/.test(token) || token.length > MAX_TOKEN_LENGTH)) {
    throw new RangeError(`token must be 1 to ${MAX_TOKEN_LENGTH} characters of ASCII without spaces, and it is not`)
  }
  if (token === undefined && !isLoopback(host)) {
    throw new RangeError(`host must be a loopback address such as 127.0.0.1 where no token is set, but it is ${host}`)
  }
  return { host, token }
}

/** Addresses that stand for every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * @throws Refusal 421 for a request that means another host; 401 for one without the token, where there is one.
 */
export function assertAccess(request: IncomingMessage, access: Access): void {
  assertHost(request, access.host)
  if (access.token !== undefined) assertToken(request, access.token)
}

/**
 * A page of a foreign site may have its own name resolve to 127.0.0.1 ("DNS rebinding"): to the browser it then talks to its
 * own server, and may read what we answer. The Host header still tells that name. Where every address is listened on,
 * nobody knows all of the names, and the token is what such a page lacks.
 */
function assertHost(request: IncomingMessage, host: string): void {
  const name = hostName(request.headers.host ?? '')
  if (isLoopback(name) || name === host.toLowerCase() || isWildcard(host)) return
  throw new Refusal(421, `Requests to ${JSON.stringify(name.slice(0, 80))} are not answered here: send to ${host}.`)
}

/** Without the port, and an address without its brackets. */
function hostName(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.toLowerCase()) ?? []
  return bracketed ?? plain ?? header
}

function assertToken(request: IncomingMessage, token: string): void {
  const sent = sentToken(request.headers.authorization ?? '')
  if (sent !== undefined && isSame(sent, token)) return
  const problem = sent === undefined ? 'The request has no token' : 'The token is another one'
  throw new Refusal(401, `${problem}: send it as "authorization: Bearer …", or as the password of Basic.`, {
    // Browsers ask for a name and a password then.
    'www-authenticate': 'Basic realm="streamgauge", charset="UTF-8", Bearer realm="streamgauge"',
  })
}

function sentToken(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() !== 'basic') return credentials === '' ? undefined : credentials
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}

/** In a time that tells nothing of the token, its length included. */
function isSame(sent: string, token: string): boolean {
  return timingSafeEqual(digest(sent), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
