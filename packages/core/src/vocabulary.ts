/** How a stream ended. Closed set; travels as `streamgauge.stream.outcome`. */
export const OUTCOMES = ['completed', 'broken', 'cancelled', 'abandoned', 'handed_off'] as const
/** @see OUTCOMES */
export type Outcome = (typeof OUTCOMES)[number]

/** Who or what ended a stream. Closed set; travels as `streamgauge.stream.end`. */
export const ENDS = [
  'terminator',
  'eof',
  'transport_error',
  'parse_error',
  'upstream_error',
  'consumer_break',
  'consumer_throw',
  'consumer_abort',
  'consumer_timeout',
  'collected',
  'handed_off',
  'http_error',
] as const
/** @see ENDS */
export type StreamEnd = (typeof ENDS)[number]

/** Observations that never change the outcome. Closed set; travels as `streamgauge.anomaly.type`. */
export const ANOMALIES = [
  'stalled',
  'buffered',
  'coalesced',
  'invalid_utf8',
  'sequence_gap',
  'sequence_repeat',
  'done_missing',
  'late_data',
  'bom',
  'incomplete_tool_arguments',
  'usage_missing',
] as const
/** @see ANOMALIES */
export type AnomalyType = (typeof ANOMALIES)[number]

/** What a chunk brought; travels as `streamgauge.chunk.kind`. */
export const CHUNK_KINDS = ['output', 'lifecycle', 'usage', 'error'] as const
/** @see CHUNK_KINDS */
export type ChunkKind = (typeof CHUNK_KINDS)[number]

/** Why a stream broke. Closed set; travels as `streamgauge.cause`. */
export const CAUSES = [
  'network',
  'peer_closed',
  'proxy_idle_timeout',
  'proxy_duration_limit',
  'proxy_error_page',
  'proxy_split',
  'proxy_buffering',
  'wrong_endpoint',
  'provider_error',
  'provider_truncation',
  'provider_malformed',
  'client_timeout',
  'client_http_timeout',
  'unknown',
] as const
/** @see CAUSES */
export type Cause = (typeof CAUSES)[number]

/** How sure a cause is; travels as `streamgauge.cause.confidence`. */
export type Confidence = 'certain' | 'likely' | 'guess'

/**
 * Which API an event stream belongs to: it decides what ends an answer. `unknown` reads the events as whichever of them
 * they look like.
 */
export type StreamApi = 'chat' | 'completions' | 'responses' | 'assistants' | 'images' | 'transcriptions' | 'unknown'
