import type { MalformedDetail } from './codes.ts'
import type { ErrorFacts } from './error-facts.ts'
import type { HopName } from './hops.ts'

/** What ended the watching of a stream. */
export type Ending =
  /** The reader of the events came to a normal end. */
  | { readonly kind: 'done' }
  /** The reader of the events threw. */
  | { readonly kind: 'threw'; readonly error: ErrorFacts }
  /** There was no stream: the request failed, or was answered by an error status. */
  | { readonly kind: 'request_failed'; readonly error: ErrorFacts }
  | { readonly kind: 'consumer_break' }
  | { readonly kind: 'consumer_throw' }
  | { readonly kind: 'consumer_abort' }
  | { readonly kind: 'consumer_timeout' }
  | { readonly kind: 'collected' }
  | { readonly kind: 'handed_off' }

/** How the body ended, as far as it was seen. */
export type BodyEnd = 'none' | 'eof' | 'cancelled' | 'failed'

/** What stands after the last blank line at the end of the body. */
export type Tail = 'none' | 'cut' | 'whole'

/** What follows the last event without being one: by its first line. */
export type Leftover = 'none' | 'html' | 'error' | 'other'

/** What is known of the HTTP response. Facts, not judgements. */
export interface ResponseFacts {
  readonly status: number
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  readonly framing: 'chunked' | 'length' | 'close' | 'unknown'
  readonly via?: string | undefined
  /** Hops that the headers tell of, the provider's own among them. */
  readonly proxies?: readonly HopName[] | undefined
}

/** The first event that could not be read. */
export interface BadEvent {
  readonly code: 'malformed_event' | 'empty_event'
  readonly detail?: MalformedDetail | undefined
  readonly eventIndex: number
}

/** Everything the classifier and the causes judge from. */
export interface Evidence {
  readonly ending: Ending
  readonly response?: ResponseFacts | undefined
  readonly bodyEnd: BodyEnd
  readonly bodyError?: ErrorFacts | undefined
  /** Data events, complete ones. */
  readonly events: number
  readonly bytes: number
  readonly sawTerminator: boolean
  readonly everyChoiceFinished: boolean
  /** The dialect ends answers with nothing: a clean end is an end. */
  readonly terminatorOptional: boolean
  readonly upstreamError: boolean
  readonly badEvent?: BadEvent | undefined
  readonly tail: Tail
  /** The consumer was handed the whole event of the tail. */
  readonly tailDelivered: boolean
  readonly leftover: Leftover
  /** The first bytes of a body without events, for what it is. */
  readonly bodyHead: 'html' | 'json_error' | 'json' | 'ndjson' | 'other' | 'none'
  /** How long bytes were waited for last, in milliseconds; time in which this process could not have seen them is not in it. */
  readonly lastWaitMs: number
  /** The longest such wait before it, the one for the first bytes among them, in milliseconds. */
  readonly longestEarlierWaitMs: number
  /** Hops that were seen and may be to blame. */
  readonly suspects: readonly HopName[]
  /** From the request to the end, in milliseconds. */
  readonly durationMs: number
}
