import type { IncomingMessage, ServerResponse } from 'node:http'

import { createServer } from 'node:http'

import type { Tour } from '../api/tour.ts'
import type { Store } from '../store/store.ts'

import { createPageHandler } from '../api/handle-page.ts'
import { errorMessage } from '../error-fields.ts'
import { httpUrlOption, integerOption } from '../options.ts'
import { openStore } from '../store/open-store.ts'
import { accessOption, assertAccess } from './access.ts'
import { answerRefusal, Refusal } from './answer.ts'
import { encodingOf } from './encoding.ts'
import { handleOtlp } from './handle-otlp.ts'
import { closeServer, listen, urlOf } from './listen.ts'
import { setStrictHeaders } from './strict-headers.ts'

/** @public */
export interface ReceiverOptions {
  /** Where telemetry goes. Stays open when the receiver closes. By default a store in memory that lives with the receiver. */
  readonly store?: Store | undefined
  /**
   * Address or name of this machine to listen on. Anything but loopback (`localhost`, `::1`, 127.0.0.0/8) needs a `token`.
   * `0.0.0.0` and `::` are every address.
   *
   * Requests whose Host header names neither this nor loopback are answered with 421, except where every address is
   * listened on.
   *
   * @defaultValue '127.0.0.1': telemetry may hold what is nobody else's business
   */
  readonly host?: string | undefined
  /**
   * What a request must carry, as `authorization: Bearer …` or as the password of Basic; it is answered with 401 otherwise.
   * 1 to 1024 characters of ASCII without spaces.
   *
   * @defaultValue none: whoever reaches the port may send
   */
  readonly token?: string | undefined
  /**
   * TCP port, 0 to 65535; 0 picks a free one.
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
  /**
   * Where a Grafana is, such as `http://localhost:3000`: the page then links each stream to its trace there, in Explore. Its
   * data source for Tempo has the uid `tempo`, as in the stack of @streamgauge/dashboards. Only the browser ever asks for it.
   *
   * @defaultValue none: no link
   */
  readonly grafanaUrl?: string | undefined
  /**
   * A tour that the page can start where no stream is yet. Only the page itself can: a request for it from another site is
   * answered with 403.
   *
   * @defaultValue none: the page offers none
   */
  readonly tour?: Tour | undefined
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

const DEFAULT_PORT = 4318
const DEFAULT_MAX_BODY_BYTES = 20 * 2 ** 20

/** Bodies of all requests together while they arrive, in multiples of the largest allowed. Beyond it: 503, send again. */
const MAX_BODIES_AT_ONCE = 4

const MAX_CONNECTIONS = 256

/** A request that takes longer to arrive is cut off. */
const REQUEST_TIMEOUT_MS = 30_000

/**
 * Starts an OTLP/HTTP receiver for traces, metrics and logs, in protobuf and in JSON.
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
  const access = accessOption(options.host, options.token)
  const grafanaUrl = httpUrlOption('grafanaUrl', options.grafanaUrl)
  const budget = { maxBytes: maxBodyBytes * MAX_BODIES_AT_ONCE, usedBytes: 0 }
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS })
  server.maxConnections = MAX_CONNECTIONS
  const actualPort = await listen(server, port, access.host)
  const store = options.store ?? openStore()
  const url = urlOf(access.host, actualPort)
  const answersPage = createPageHandler(store, { grafanaUrl, tour: options.tour, url })
  server.on('request', (request, response) => {
    setStrictHeaders(response)
    handle(request, response).catch((error: unknown) => answerFailure(request, response, error))
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    assertAccess(request, access)
    if (answersPage(request, response)) return
    await handleOtlp(request, response, { store, maxBodyBytes, budget })
  }

  async function close(): Promise<void> {
    await closeServer(server)
    if (options.store === undefined) store.close()
  }
  return { port: actualPort, url, store, close, [Symbol.asyncDispose]: close }
}

function answerFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Nobody is left to read an answer.
  if (request.socket.destroyed || response.headersSent) return
  const refusal = error instanceof Refusal ? error : new Refusal(500, `The receiver failed: ${errorMessage(error)}`)
  answerRefusal(response, refusal, encodingOf(request) ?? 'json')
}
