import type { IncomingMessage, ServerResponse } from 'node:http'
import { wholeJson, type WholeAnswer } from '../answer/answer.ts'
import { formatError, RequestError } from './error-body.ts'
import type { Connection } from './connection.ts'
import { createHttpExchange } from './http-exchange.ts'
import { prepare } from './prepare.ts'
import { readFields } from './read-body.ts'
import { findRoute } from './route.ts'
import type { ServerContext } from './server-context.ts'

const sendWhole = (
  response: ServerResponse,
  status: number,
  { contentType, body }: WholeAnswer,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  })
  response.end(body)
}

/** Lines an injector up for the next request: `{"name": "cut_json"}`. */
const arm = async (context: ServerContext, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { name } = await readFields(incoming)
  if (typeof name !== 'string') {
    throw new RequestError(
      400,
      'name_missing',
      'Send {"name": "…"} with the name of a fault or a healthy stream.',
      'name',
    )
  }
  const waiting = context.armed.add(context.catalogue.find(name, 'name'))
  sendWhole(response, 200, wholeJson({ armed: name, waiting }))
}

/** The SDK counts its retries. Whoever doesn't asks for the first time. */
export const readAttempt = ({ headers }: IncomingMessage): number => {
  const count = Number(headers['x-stainless-retry-count'])
  return Number.isInteger(count) ? count : 0
}

const answerRequest = async (
  context: ServerContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> => {
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  const route = findRoute(incoming.method ?? '', url.pathname)
  if (route.kind === 'arm') {
    await arm(context, incoming, response)
    return
  }
  const { request, answer, injector, requestId } = await prepare(context, incoming, url, route, connection.http)
  if (!request.stream && injector.alsoUnstreamed !== true) {
    sendWhole(response, 200, answer.whole, { 'x-request-id': requestId })
    return
  }
  const { settings } = context
  const attempt = readAttempt(incoming)
  const exchange = createHttpExchange({ request, attempt, answer, requestId, response, connection, settings, signal })
  await injector.play(exchange)
  if (!exchange.isEnded) throw new Error(`"${injector.name}" returned without end, close, reset or hold.`)
}

const answerError = (error: unknown, response: ServerResponse, http: Connection['http']): void => {
  if (error instanceof RequestError && !response.headersSent) {
    const { status, message, param, code } = error
    const body = formatError({
      message,
      type: 'invalid_request_error',
      code,
      ...(param === undefined ? {} : { param }),
    })
    // A body that was too large isn't read to its end, so the connection can't be used again.
    const answer = { contentType: 'application/json', body }
    sendWhole(response, status, answer, status === 413 && http === 1 ? { connection: 'close' } : {})
    return
  }
  // A bug of an injector: the client must not wait for it, and its author must hear of it.
  response.destroy()
  process.emitWarning(error instanceof Error ? error : String(error))
}

/** Answers one request. Never rejects. */
export const handleRequest = async (
  context: ServerContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
): Promise<void> => {
  const { http, socket } = connection
  const gone = new AbortController()
  const abort = (): void => gone.abort()
  response.once('close', abort)
  // A pipelined response gets its socket, and with it `close`, only when its turn comes: hence both.
  if (http === 1) socket.once('close', abort)
  // The date would change the bytes from one second to the next.
  response.sendDate = false
  try {
    await answerRequest(context, incoming, response, connection, gone.signal)
  } catch (error) {
    // A client that left may show as a write that failed, before its socket says that it closed.
    if (!gone.signal.aborted && socket.errored === null) answerError(error, response, http)
  } finally {
    socket.off('close', abort)
  }
}
