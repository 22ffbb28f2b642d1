/** Where a fault arose: the broad class of its code. */
export type FaultClass = 'upstream' | 'timeout' | 'parse' | 'transport' | 'truncation' | 'http'

/** Codes of faults; travel as `error.type`. HTTP statuses come as their number. */
export const FAULT_CODES = [
  'upstream_error',
  'client_timeout',
  'headers_timeout',
  'body_timeout',
  'not_event_stream',
  'empty_stream',
  'connection_reset',
  'premature_close',
  'protocol_error',
  'malformed_event',
  'empty_event',
  'truncated_event',
  'unterminated_event',
  'missing_terminator',
  'late_transport_error',
  'connection_failed',
] as const

/** A code of the catalogue. */
export type CatalogueCode = (typeof FAULT_CODES)[number]

/** An HTTP status from 400 on, as text, where the answer was an error before any stream. */
export type HttpStatusCode = `${number}`

/** Everything `error.type` can be. */
export type FaultCode = CatalogueCode | HttpStatusCode

/** What exactly was wrong in a `malformed_event`. */
export const MALFORMED_DETAILS = [
  'cut_json',
  'second_event_inside',
  'joined',
  'raw_newline',
  'html',
  'not_json',
] as const
/** @see MALFORMED_DETAILS */
export type MalformedDetail = (typeof MALFORMED_DETAILS)[number]
