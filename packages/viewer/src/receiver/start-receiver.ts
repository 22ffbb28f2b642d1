import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createServer } from 'node:http'

import type { Store } from '../store/store.ts'

import { createPageHandler } from '../api/handle-page.ts'
import { errorCode, errorMessage } from '../error-fields.ts'
import { integerOption } from '../options.ts'
import { openStore } from '../store/open-store.ts'
import { ViewerError } from '../viewer-error.ts'
import { answerRefusal, Refusal } from './answer.ts'
import { handleOtlp } from './handle-otlp.ts'

/** @public */
export interface ReceiverOptions {
  /** Where telemetry goes. Stays open when the receiver closes. By default a store in memory that lives with the receiver. */
  readonly store?: Store | undefined
  /**
   * TCP port on 127.0.0.1, 0 to 65535; 0 picks a free one.
   *
   * @defaultValue 4318, where OpenTelemetry's exporters send unless told otherwise
   */
  readonly port?: number | undefined
  /**
   * Largest body of a request, as sent and after inflating; bytes, 1 to 2^28. A larger one is answered with 413.
   *
   * @defaultValue 20971520 (20 MiB, as in the OpenTelemetry Collector)
   */
  readonly maxBodyBytes?: number | undefined
}

/**
 * A listening OTLP/HTTP receiver.
 *
 * @public
 */
export interface Receiver {
  readonly port: number
  /** Such as `http://127.0.0.1:4318`, the value for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  readonly store: Store
  /** Stops listening and drops the connections; closes the store unless it was passed in. A second call does nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Loopback only: telemetry may hold what is nobody else's business. */
const HOST = '127.0.0.1'

const DEFAULT_PORT = 4318
const DEFAULT_MAX_BODY_BYTES = 20 * 2 ** 20

/** Bodies of all requests together while they arrive, in multiples of the largest allowed. Beyond it: 503, send again. */
const MAX_BODIES_AT_ONCE = 4

const MAX_CONNECTIONS = 256

/** A request that takes longer to arrive is cut off. */
const REQUEST_TIMEOUT_MS = 30_000

/**
 * Starts an OTLP/HTTP receiver for traces, metrics and logs in OTLP's JSON encoding.
 *
 * @throws ViewerError `port_in_use` or `listen_failed`. RangeError when an option is out of range.
 * @public
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const port = integerOption('port', options.port, { min: 0, max: 65_535, otherwise: DEFAULT_PORT })
  const maxBodyBytes = integerOption('maxBodyBytes', options.maxBodyBytes, {
    min: 1,
    max: 2 ** 28,
    otherwise: DEFAULT_MAX_BODY_BYTES,
  })
  const budget = { maxBytes: maxBodyBytes * MAX_BODIES_AT_ONCE, usedBytes: 0 }
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS })
  server.maxConnections = MAX_CONNECTIONS
  const actualPort = await listen(server, port)
  const store = options.store ?? openStore()
  const answersPage = createPageHandler(store)
  server.on('request', (request, response) => {
    if (answersPage(request, response)) return
    handleOtlp(request, response, { store, maxBodyBytes, budget }).catch((error: unknown) => {
      answerFailure(request, response, error)
    })
  })

  async function close(): Promise<void> {
    await closeServer(server)
    if (options.store === undefined) store.close()
  }
  return { port: actualPort, url: `http://${HOST}:${actualPort}`, store, close, [Symbol.asyncDispose]: close }
}

function answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Nobody is left to read an answer.
  if (request.socket.destroyed || response.headersSent) return
  const refusal = error instanceof Refusal ? error : new Refusal(500, `The receiver failed: ${errorMessage(error)}`)
  answerRefusal(response, refusal)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port)))
    server.listen(port, HOST, () => {
      server.removeAllListeners('error')
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function listenError(error: unknown, port: number): ViewerError {
  if (errorCode(error) === 'EADDRINUSE') {
    const message =
      `Port ${port} on ${HOST} is taken, perhaps by another viewer or an OpenTelemetry Collector: ` +
      'stop that program, or choose another port (0 picks a free one).'
    return new ViewerError('port_in_use', message, error)
  }
  const message = `Port ${port} on ${HOST} can't be listened on (${errorMessage(error)}): choose another port (0 picks a free one).`
  return new ViewerError('listen_failed', message, error)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The callback's only error is "not running", which is what a second call finds.
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
