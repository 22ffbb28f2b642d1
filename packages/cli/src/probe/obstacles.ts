import type { StreamReport } from '@streamgauge/core'
import { ProxyError, TunnelError } from './connect.ts'
import type { ObstacleFinding } from './exchange.ts'
import { showProxy, type ProxySetting } from './find-proxy.ts'
import type { Target } from './target.ts'

/** Why no answer came, in one sentence. */
export function explainNoAnswer(
  failure: unknown,
  { endpoint }: Target,
  proxy: ProxySetting | undefined,
  timeoutMs: number,
): ObstacleFinding {
  const isProxys = failure instanceof ProxyError
  const error = isProxys ? failure.cause : failure
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  const by = proxy === undefined ? '' : ` through the proxy ${showProxy(proxy)} (${proxy.variable})`
  const { host, hostname } = endpoint
  if ((error as Error).name === 'TimeoutError') {
    return unreachable(
      `${host} did not answer${by} within ${timeoutMs / 1000} s: it hangs, or the model takes longer (--timeout).`,
    )
  }
  if (error instanceof TunnelError) {
    const why = error.status === 407 ? 'it wants other credentials in its URL' : 'ask who runs it, or set NO_PROXY'
    return unreachable(`The way to ${host}${by} is refused with status ${error.status}: ${why}.`)
  }
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: `The name ${hostname} does not resolve: look for a typing error, or set a proxy (HTTPS_PROXY).`,
    EAI_AGAIN: `The name ${hostname} could not be looked up: there is no network, or no DNS server that answers.`,
    ECONNREFUSED: `Nobody listens on ${host}: the connection was refused; start the server, or correct the port.`,
    EHOSTUNREACH: `There is no way to ${host}${by}: the network says that the host is unreachable.`,
    ENETUNREACH: `There is no way to ${host}${by}: the network is unreachable.`,
    ETIMEDOUT: `${host} did not take the connection${by} in time: a firewall may drop it.`,
    ECONNRESET: `${host} closed the connection${by} before it answered: a firewall, or a server that speaks something else.`,
    EPIPE: `${host} closed the connection${by} before it answered.`,
    EPROTO: `${host} does not speak TLS${by}: try http:// in place of https://.`,
    ERR_SSL_WRONG_VERSION_NUMBER: `${host} does not speak TLS${by}: try http:// in place of https://.`,
    CERT_HAS_EXPIRED: `The certificate of ${host} has expired: whoever runs it has to renew it.`,
    ERR_TLS_CERT_ALTNAME_INVALID: `The certificate of ${hostname} is for another name: use the name that it is for.`,
  }
  const sentence = (isProxys ? explainNoProxy(String(code), proxy) : undefined) ?? known[String(code)]
  if (sentence !== undefined) return unreachable(sentence)
  if (UNTRUSTED.has(String(code))) {
    return unreachable(
      `The certificate of ${isProxys ? (proxy?.url.host ?? 'the proxy') : host} is not signed by anybody known here: a proxy that opens TLS, or a server of one's own; ` +
        'name its authority with NODE_EXTRA_CA_CERTS.',
    )
  }
  const isForeign = String(code).startsWith('HPE_')
  return {
    kind: isForeign ? 'not_openai' : 'unreachable',
    sentence: isForeign
      ? `${host} does not speak HTTP (${String(code)}): another service, or one that wants https://.`
      : `The request to ${host} failed${by}: ${String(message)}.`,
  }
}

/** Only the proxy is looked up and connected to, where there is one. */
function explainNoProxy(code: string, proxy: ProxySetting | undefined): string | undefined {
  if (proxy === undefined) return undefined
  const { url, variable } = proxy
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: `The name ${url.hostname}, of the proxy that ${variable} names, does not resolve: correct that.`,
    EAI_AGAIN: `The name ${url.hostname}, of the proxy that ${variable} names, could not be looked up: there is no network, or no DNS server that answers.`,
    ECONNREFUSED: `Nobody listens on ${url.host}, the proxy that ${variable} names: start it, or correct that.`,
    EPROTO: `${url.host}, the proxy that ${variable} names, does not speak TLS: name it with http:// in place of https://.`,
    ERR_SSL_WRONG_VERSION_NUMBER: `${url.host}, the proxy that ${variable} names, does not speak TLS: name it with http:// in place of https://.`,
    ECONNRESET: `${url.host}, the proxy that ${variable} names, closed the connection before it answered: it may speak something else.`,
    CERT_HAS_EXPIRED: `The certificate of ${url.host}, the proxy that ${variable} names, has expired: whoever runs it has to renew it.`,
    ERR_TLS_CERT_ALTNAME_INVALID: `The certificate of ${url.host}, the proxy that ${variable} names, is for another name: use that.`,
  }
  return known[code]
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

function unreachable(sentence: string): ObstacleFinding {
  return { kind: 'unreachable', sentence }
}

/** An answer that is no stream, as far as it goes. */
export interface Refusal {
  readonly status: number
  readonly location: string | undefined
  readonly contentType: string | undefined
  readonly retryAfter: string | undefined
  /** The beginning of the body. */
  readonly head: Buffer
}

/** Why an answer with another status than 200 is none, in one sentence. */
export function explainRefusal(refusal: Refusal, target: Target): ObstacleFinding {
  const { status, location, retryAfter } = refusal
  const { endpoint, keyEnv, key, model } = target
  const error = readError(refusal)
  const said = error.message === undefined ? '' : ` (${quote(error.message, key)})`
  const isPage = /^\s*text\/html\b/i.test(refusal.contentType ?? '')
  if (status >= 300 && status < 400) return { kind: 'not_openai', sentence: explainRedirect(location, target) }
  if ((status === 401 || status === 403) && !isPage) {
    const sent = key === undefined ? `No key was sent, since ${keyEnv} is not set, and` : `The key of ${keyEnv}`
    const refused = key === undefined ? `${endpoint.host} wants one` : `was refused by ${endpoint.host}`
    return { kind: 'key_refused', sentence: `${sent} ${refused}: status ${status}${said}.` }
  }
  if (error.code === 'model_not_found' || (status === 404 && /\bmodel\b/i.test(error.message ?? ''))) {
    return {
      kind: 'refused',
      sentence: `${endpoint.host} has no model ${JSON.stringify(model)}${said}: choose another with --model.`,
    }
  }
  if (status === 404 || status === 405) {
    return {
      kind: 'not_openai',
      sentence: `There is nothing at ${endpoint.pathname} of ${endpoint.host}: status ${status}${hintOfPath(target)}.`,
    }
  }
  if (isPage) {
    return {
      kind: 'not_openai',
      sentence: `${endpoint.host} answers with status ${status} and an HTML page: a proxy's, and no model server's.`,
    }
  }
  const again = retryAfter === undefined ? '' : `; it says to try again after ${retryAfter.slice(0, 40)} s`
  return { kind: 'refused', sentence: `${endpoint.host} refused the request with status ${status}${said}${again}.` }
}

/** Whatever came in place of a stream, with a status that says that all is well; `null` where a stream came. */
export function explainNoStream(
  { fault }: StreamReport,
  refusal: Pick<Refusal, 'head'>,
  { endpoint, key }: Target,
): ObstacleFinding | null {
  if (fault?.code !== 'not_event_stream') return null
  const { message } = readError(refusal)
  if (fault.cause === 'provider_error' && message !== undefined) {
    return {
      kind: 'refused',
      sentence: `${endpoint.host} answers with status 200, and an error in place of a stream (${quote(message, key)}).`,
      remedy: fault.remedy,
    }
  }
  return {
    kind: 'not_openai',
    sentence: `${endpoint.host} answers with something else than a stream: ${fault.evidence}.`,
    remedy: fault.remedy,
  }
}

/** A key never goes to another place than the one that was named. */
function explainRedirect(location: string | undefined, { endpoint, key }: Target): string {
  const to = location === undefined || !URL.canParse(location, endpoint.href) ? undefined : new URL(location, endpoint)
  if (to === undefined) return `${endpoint.host} redirects to nowhere.`
  const kind = to.origin === endpoint.origin ? 'another path' : 'another server'
  const base = withoutKey(to.href, key)
    .replace(/\/(chat\/completions|responses)(?=$|\?)/, '')
    .slice(0, MAX_ADDRESS)
  return `${endpoint.host} redirects to ${kind}, which the key was not sent to: probe ${base} instead, if you trust it.`
}

/** Longest address of a server's that is shown. */
const MAX_ADDRESS = 200

function hintOfPath({ baseURL }: Target): string {
  const { pathname, href } = new URL(baseURL)
  if (/\/v\d/.test(pathname)) return '; check the path of the base URL'
  return `; the base URL lacks its /v1: try ${href.replace(/\/$/, '')}/v1`
}

/** The error object of OpenAI, and of those who do alike. */
export function readError({ head }: Pick<Refusal, 'head'>): { readonly code?: string; readonly message?: string } {
  const text = head.toString('utf8')
  // The beginning of a long body is no JSON.
  const find = (name: string): string | undefined => {
    const [, found] = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(text) ?? []
    return found === undefined ? undefined : unquote(found)
  }
  const message = find('message') ?? find('detail') ?? find('error')
  const code = find('code')
  return { ...(message === undefined ? {} : { message }), ...(code === undefined ? {} : { code }) }
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text.slice(1, -1)
  }
}

/** What a server says may hold the key that it was sent. */
function withoutKey(text: string, key: string | undefined): string {
  return key === undefined ? text : text.replaceAll(key, '***').replaceAll(encodeURIComponent(key), '***')
}

/** A message as the part of a sentence. */
function quote(message: string, key: string | undefined): string {
  const text = withoutKey(message, key)
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text.replace(/\.$/, '')
}

/** Longest message of a server that is shown. */
const MAX_QUOTE = 160
