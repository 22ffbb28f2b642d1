import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { forwardHeaders } from './forwarded-headers.ts'
import type { ProxySettings } from './options.ts'
import type { PeekedBody } from './peek-body.ts'

/** The upstream couldn't be asked, or its answer broke off. */
export class UpstreamError extends Error {
  /** What the system, the HTTP parser or TLS calls it. */
  readonly code: string
  /** How far it came: no connection at all, or one that was closed, or reset. */
  readonly end: 'unreachable' | 'closed' | 'reset'

  constructor(cause: unknown, end: UpstreamError['end']) {
    super('The upstream failed.', { cause })
    this.code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    this.end = end
  }
}

/** The path of a request, whichever form it came in (RFC 9112 §3.2). Where to, the proxy alone decides. */
export const readTarget = (url: string): string => url.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/|\*$)/, '/')

/** Methods that Node.js sends without content, unless told otherwise. */
const WITHOUT_CONTENT: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])

const frameContent = ({ method, headers }: IncomingMessage): readonly string[] => {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked']
  const isFramed = headers['content-length'] !== undefined || WITHOUT_CONTENT.has(method)
  return isFramed ? [] : ['Content-Length', '0']
}

const createRequest = (incoming: IncomingMessage, { upstream, agent }: ProxySettings): ClientRequest => {
  const isSecure = upstream.protocol === 'https:'
  return (isSecure ? requestHttps : requestHttp)({
    hostname: upstream.hostname.replaceAll(/^\[|\]$/g, ''),
    port: upstream.port === '' ? (isSecure ? 443 : 80) : Number(upstream.port),
    method: incoming.method,
    path: readTarget(incoming.url ?? '/'),
    headers: ['Host', upstream.host, ...forwardHeaders(incoming.rawHeaders, ['host']), ...frameContent(incoming)],
    agent: agent ?? (isSecure ? new HttpsAgent() : new HttpAgent()),
  })
}

const sendContent = async (request: ClientRequest, incoming: IncomingMessage, { head }: PeekedBody): Promise<void> => {
  async function* read(): AsyncGenerator<Uint8Array> {
    yield* head
    yield* incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  }
  await pipeline(read(), request)
}

/** Follows the connection of a request, and says how it ended. */
const watchConnection = (request: ClientRequest): (() => UpstreamError['end']) => {
  let isThere = false
  // Kept: Node.js takes the socket away from a request that is over.
  let socket: Socket | undefined
  request.once('socket', (own) => {
    socket = own
    isThere = request.reusedSocket
    const event = request.protocol === 'https:' ? 'secureConnect' : 'connect'
    own.once(event, () => (isThere = true))
  })
  return () => {
    if (!isThere) return 'unreachable'
    return (socket?.errored as NodeJS.ErrnoException | undefined)?.code === 'ECONNRESET' ? 'reset' : 'closed'
  }
}

/** An answer of the upstream, and how it fails should it break off. */
export interface Asked {
  readonly answer: IncomingMessage
  readonly toError: (cause: unknown) => UpstreamError
}

/**
 * Asks the upstream what the client asked.
 *
 * @param signal aborted when the client is gone: the upstream is left then
 * @throws UpstreamError where no answer came (as a rejection).
 */
export const askUpstream = async (
  incoming: IncomingMessage,
  peeked: PeekedBody,
  settings: ProxySettings,
  signal: AbortSignal,
): Promise<Asked> => {
  signal.throwIfAborted()
  const request = createRequest(incoming, settings)
  const readEnd = watchConnection(request)
  const toError = (cause: unknown): UpstreamError => new UpstreamError(cause, readEnd())
  signal.addEventListener('abort', () => request.destroy(), { once: true })
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  // An upstream may answer before it has the whole request, and then take no more of it.
  sendContent(request, incoming, peeked).catch(() => undefined)
  try {
    const [answer] = await answered
    // Whoever reads the answer learns of its error; nobody else has to.
    answer.on('error', () => undefined)
    request.on('error', () => undefined)
    return { answer, toError }
  } catch (error) {
    signal.throwIfAborted()
    throw toError(error)
  }
}
