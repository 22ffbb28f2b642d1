import type { Cause } from '../vocabulary.ts'
import type { CatalogueCode, FaultClass, FaultCode } from './codes.ts'

/** One fault of the catalogue: everything a person on call wants to know of its code. */
export interface FaultDescription {
  readonly code: CatalogueCode | 'http_status'
  readonly class: FaultClass
  /** What was observed, in one sentence. */
  readonly meaning: string
  /** The exact rule by which it is recognised. */
  readonly rule: string
  /** The causes it may have, the likeliest first. */
  readonly causes: readonly Cause[]
  /** One line of advice: the same text on the span, in the terminal and in the runbook. */
  readonly remedy: string
  /** Where the rule or the behaviour behind it is written down. */
  readonly source: string
}

const SSE = 'https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation'
const CHUNKED = 'https://www.rfc-editor.org/rfc/rfc9112#section-8'
const UNDICI = 'https://undici.nodejs.org/#/docs/api/Errors'

/** The whole catalogue. In which order its codes are tried is the classifier's to say. */
export const FAULTS: readonly FaultDescription[] = [
  {
    code: 'upstream_error',
    class: 'upstream',
    meaning: 'The server put an error into the stream after it had answered 200.',
    rule: 'An event with a truthy `error`, `object` or `type` of `error`, an `event: error` whatever its data, or `response.failed`.',
    causes: ['provider_error'],
    remedy:
      'Read the error code in the chunk: retry with backoff on overload, fix the request on quota or context errors.',
    source: 'https://platform.openai.com/docs/api-reference/responses-streaming/error',
  },
  {
    code: 'client_timeout',
    class: 'timeout',
    meaning: "The application's own AbortSignal timed out before the answer was complete.",
    rule: 'The signal that the caller passed is aborted with a TimeoutError, and no terminator was seen.',
    causes: ['client_timeout'],
    remedy: 'Raise the deadline of your AbortSignal, or count it from the last chunk instead of from the request.',
    source: 'https://dom.spec.whatwg.org/#dom-abortsignal-timeout',
  },
  {
    code: 'headers_timeout',
    class: 'timeout',
    meaning: 'No response headers came in time.',
    rule: "No response, and the SDK's timeout or UND_ERR_HEADERS_TIMEOUT fired.",
    causes: ['client_timeout', 'client_http_timeout'],
    remedy: "Raise the SDK's `timeout`; beyond 300 s also the `headersTimeout` of the undici Agent.",
    source: UNDICI,
  },
  {
    code: 'body_timeout',
    class: 'timeout',
    meaning: 'A timer of the client ended the wait for the rest of the body.',
    rule: 'The body failed with UND_ERR_BODY_TIMEOUT or ERR_SOCKET_TIMEOUT, or with a TimeoutError.',
    causes: ['client_http_timeout', 'client_timeout'],
    remedy:
      "Raise the timer of your own fetch, the SDK's `timeout`, or `bodyTimeout` of the undici Agent (300 s by default).",
    source: UNDICI,
  },
  {
    code: 'not_event_stream',
    class: 'parse',
    meaning: 'The answer is no event stream: an HTML page, a JSON error or an answer that is not streamed.',
    rule: 'The body ended in order, its media type is not text/event-stream, or none and it is HTML or JSON, and not even the beginning of an event was in it.',
    causes: ['proxy_error_page', 'wrong_endpoint', 'provider_error'],
    remedy:
      'Look at the page in the chunk: check the base URL, the gateway in front of it, and that it supports `stream`.',
    source: SSE,
  },
  {
    code: 'empty_stream',
    class: 'parse',
    meaning: 'The stream ended without a single data event.',
    rule: 'The body ended in order or with `[DONE]`, without any other event, and with nothing of one left over.',
    causes: ['provider_truncation', 'proxy_error_page', 'provider_error', 'wrong_endpoint'],
    remedy: 'Retry; if it stays, call the endpoint directly: a gateway that hides an upstream failure answers so.',
    source: SSE,
  },
  {
    code: 'malformed_event',
    class: 'parse',
    meaning: 'A complete event whose data is not JSON.',
    rule: 'An event ended by its blank line, with data that neither begins with `[DONE]` nor is JSON.',
    causes: ['proxy_split', 'provider_malformed', 'proxy_error_page'],
    remedy:
      'Look at the mark in the chunk: turn off rewriting and buffering of text/event-stream in the hops, or report it.',
    source: SSE,
  },
  {
    code: 'empty_event',
    class: 'parse',
    meaning: 'A complete event without data; the SDK fails on it.',
    rule: 'An event ended by its blank line with an `event:` or `data:` field, and no data; an `event: error` is another.',
    causes: ['provider_malformed'],
    remedy: 'Have the server send its heartbeat as a comment (`: ping`) instead of as an event without data.',
    source: SSE,
  },
  {
    code: 'late_transport_error',
    class: 'transport',
    meaning: 'The answer was complete, yet the connection failed after it and the application saw a throw.',
    rule: 'A terminator, or a finish reason for every choice, then a failure of the body that reached the application.',
    causes: ['peer_closed', 'network'],
    remedy: 'Keep the answer, it is whole; openai 7 stops reading at the terminator and does not throw here.',
    source: CHUNKED,
  },
  {
    code: 'connection_reset',
    class: 'transport',
    meaning: 'The connection was reset while the answer ran.',
    rule: 'The body failed with ECONNRESET, EPIPE or another reset of the socket or of the HTTP/2 stream.',
    causes: [
      'network',
      'proxy_idle_timeout',
      'proxy_duration_limit',
      'proxy_error_page',
      'provider_error',
      'client_timeout',
    ],
    remedy:
      'Retry from the start; if it comes after a constant time, raise that timer in the load balancer or NAT between.',
    source: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
  },
  {
    code: 'premature_close',
    class: 'transport',
    meaning: 'The connection closed before the HTTP framing was satisfied.',
    rule: 'The body failed without a reset: no last chunk, or fewer bytes than Content-Length.',
    causes: [
      'peer_closed',
      'proxy_idle_timeout',
      'proxy_duration_limit',
      'proxy_error_page',
      'provider_error',
      'client_timeout',
    ],
    remedy: 'Find the hop that closed (server, worker or proxy restarted or timed out); raise its read timeout.',
    source: CHUNKED,
  },
  {
    code: 'protocol_error',
    class: 'transport',
    meaning: 'The bytes break the rules of HTTP or of the compression they came in.',
    rule: 'The body failed with an error of the HTTP parser (HPE_*) or of a decompressor (Z_*).',
    causes: ['provider_malformed', 'unknown'],
    remedy: 'Turn off compression for text/event-stream and look for a hop that rewrites the body.',
    source: CHUNKED,
  },
  {
    code: 'truncated_event',
    class: 'parse',
    meaning: 'The body ended in order in the middle of an event.',
    rule: 'A clean end, and an event in progress whose data is not whole JSON.',
    causes: ['provider_truncation', 'proxy_duration_limit', 'proxy_idle_timeout', 'proxy_error_page', 'provider_error'],
    remedy: 'Treat the answer as cut and retry; a hop ended the response in order after its upstream had died.',
    source: SSE,
  },
  {
    code: 'unterminated_event',
    class: 'parse',
    meaning: 'The last event is whole but lacks its blank line; openai 4 to 6 drop it silently.',
    rule: 'A clean end, and an event in progress whose data is whole JSON but not a terminator.',
    causes: ['provider_malformed'],
    remedy: 'Update openai to 7, and have the server end its last event with a blank line.',
    source: SSE,
  },
  {
    code: 'missing_terminator',
    class: 'truncation',
    meaning: 'The body ended in order between two events, before the answer was finished.',
    rule: 'A clean end without [DONE] or response.completed, and not every choice has a finish reason.',
    causes: ['provider_truncation', 'proxy_idle_timeout', 'proxy_duration_limit', 'proxy_error_page', 'provider_error'],
    remedy: 'Treat the answer as cut and retry; check timeouts of the hops, since the SDK reports this as success.',
    source: 'https://platform.openai.com/docs/api-reference/chat-streaming',
  },
  {
    code: 'connection_failed',
    class: 'transport',
    meaning: 'There was no response at all: refused, reset before the headers, DNS, TLS or a denied tunnel.',
    rule: 'The request failed before any response, and not by a timeout.',
    causes: ['network', 'wrong_endpoint', 'peer_closed', 'unknown'],
    remedy: 'Check the base URL, DNS, TLS and the proxy settings from this very machine.',
    source: UNDICI,
  },
  {
    code: 'http_status',
    class: 'http',
    meaning: 'The server answered with an HTTP error status before any stream.',
    rule: 'A status of 400 or above; the code is the number.',
    causes: ['provider_error', 'proxy_error_page', 'wrong_endpoint'],
    remedy: 'Read the status: 401 and 403 need a key, 404 another URL, 429 less load or more quota, 5xx a retry.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15',
  },
]

const BY_CODE: ReadonlyMap<string, FaultDescription> = new Map(FAULTS.map((fault) => [fault.code, fault]))

/** The catalogue's entry of a code; every HTTP status shares one. `undefined` for what is no code. */
export function describeFault(code: FaultCode | (string & {})): FaultDescription | undefined {
  return BY_CODE.get(/^[45]\d\d$/.test(code) ? 'http_status' : code)
}
