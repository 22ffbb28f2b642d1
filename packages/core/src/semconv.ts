/**
 * Every attribute, metric, event and option name that Streamgauge writes or reads. Imports nothing, so that dashboards,
 * viewers and tests can share it at no cost.
 *
 * `gen_ai.*` and `openai.*` are the OpenTelemetry GenAI semantic conventions (still in development, hence kept here and
 * not taken from a package); `streamgauge.*` is ours.
 */

/** Attributes of the stream's span; most also stand on the fault's log and span event. */
export const ATTR = {
  OUTCOME: 'streamgauge.stream.outcome',
  END: 'streamgauge.stream.end',
  READS: 'streamgauge.stream.reads',
  EVENTS: 'streamgauge.stream.events',
  BYTES: 'streamgauge.stream.bytes',
  MAX_GAP: 'streamgauge.stream.max_gap',
  CONSUMER_IDLE: 'streamgauge.stream.consumer_idle',
  ANOMALIES: 'streamgauge.stream.anomalies',
  CAUSE: 'streamgauge.cause',
  CAUSE_CONFIDENCE: 'streamgauge.cause.confidence',
  CAUSE_EVIDENCE: 'streamgauge.cause.evidence',
  REMEDY: 'streamgauge.remedy',
  FAULT_DETAIL: 'streamgauge.fault.detail',
  ANOMALY_TYPE: 'streamgauge.anomaly.type',
  CHUNK_RAW: 'streamgauge.chunk.raw',
  CHUNK_INDEX: 'streamgauge.chunk.index',
  CHUNK_OFFSET: 'streamgauge.chunk.offset',
  CHUNK_SIZE: 'streamgauge.chunk.size',
  CHUNK_SHA256: 'streamgauge.chunk.sha256',
  CHUNK_TRUNCATED: 'streamgauge.chunk.truncated',
  CHUNK_ENCODING: 'streamgauge.chunk.encoding',
  /** Where in `streamgauge.chunk.raw` it broke: a character offset (a byte offset where the encoding is base64). */
  CHUNK_BREAK: 'streamgauge.chunk.break',
  CHUNK_KIND: 'streamgauge.chunk.kind',
  CHUNK_SPANS_DROPPED: 'streamgauge.chunk.spans_dropped',
  HTTP_FRAMING: 'streamgauge.http.framing',
  HTTP_CONTENT_TYPE: 'streamgauge.http.content_type',
  HTTP_CONTENT_ENCODING: 'streamgauge.http.content_encoding',
  HTTP_VIA: 'streamgauge.http.via',
  HTTP_PROXIES: 'streamgauge.http.proxies',
  HTTP_ATTEMPTS: 'streamgauge.http.attempts',
  LAST_SEQUENCE_NUMBER: 'streamgauge.response.last_sequence_number',
  /** Of the metric `streamgauge.sdk.watched`: the version of openai, or `unknown` where classes were handed over. */
  SDK_VERSION: 'streamgauge.sdk.version',
} as const

/** Attributes of single anomalies, beside `streamgauge.anomaly.type`. Durations in seconds. */
export const ANOMALY_ATTR = {
  /** How often it was seen in the stream. */
  COUNT: 'streamgauge.anomaly.count',
  GAP: 'streamgauge.anomaly.gap',
  DELAY: 'streamgauge.anomaly.delay',
  EVENTS_PER_READ: 'streamgauge.anomaly.events_per_read',
  EXPECTED: 'streamgauge.anomaly.expected',
  RECEIVED: 'streamgauge.anomaly.received',
} as const

/** Attributes of the OpenTelemetry conventions that we emit. */
export const GEN_AI = {
  OPERATION_NAME: 'gen_ai.operation.name',
  PROVIDER_NAME: 'gen_ai.provider.name',
  REQUEST_MODEL: 'gen_ai.request.model',
  REQUEST_STREAM: 'gen_ai.request.stream',
  REQUEST_CHOICE_COUNT: 'gen_ai.request.choice.count',
  REQUEST_SEED: 'gen_ai.request.seed',
  REQUEST_MAX_TOKENS: 'gen_ai.request.max_tokens',
  REQUEST_TEMPERATURE: 'gen_ai.request.temperature',
  REQUEST_TOP_P: 'gen_ai.request.top_p',
  REQUEST_FREQUENCY_PENALTY: 'gen_ai.request.frequency_penalty',
  REQUEST_PRESENCE_PENALTY: 'gen_ai.request.presence_penalty',
  RESPONSE_ID: 'gen_ai.response.id',
  RESPONSE_MODEL: 'gen_ai.response.model',
  RESPONSE_FINISH_REASONS: 'gen_ai.response.finish_reasons',
  RESPONSE_TIME_TO_FIRST_CHUNK: 'gen_ai.response.time_to_first_chunk',
  USAGE_INPUT_TOKENS: 'gen_ai.usage.input_tokens',
  USAGE_OUTPUT_TOKENS: 'gen_ai.usage.output_tokens',
  USAGE_CACHE_READ_INPUT_TOKENS: 'gen_ai.usage.cache_read.input_tokens',
  USAGE_REASONING_OUTPUT_TOKENS: 'gen_ai.usage.reasoning.output_tokens',
  TOKEN_TYPE: 'gen_ai.token.type',
  TOKEN_MODALITY: 'gen_ai.token.modality',
  OPENAI_API_TYPE: 'openai.api.type',
  OPENAI_REQUEST_SERVICE_TIER: 'openai.request.service_tier',
  OPENAI_RESPONSE_SERVICE_TIER: 'openai.response.service_tier',
  OPENAI_RESPONSE_SYSTEM_FINGERPRINT: 'openai.response.system_fingerprint',
  ERROR_TYPE: 'error.type',
  SERVER_ADDRESS: 'server.address',
  SERVER_PORT: 'server.port',
  HTTP_RESPONSE_STATUS_CODE: 'http.response.status_code',
} as const

/** Metrics of ours; units in UCUM. */
export const METRIC = {
  CHUNKS: 'streamgauge.stream.chunks',
  READS: 'streamgauge.stream.reads',
  IO: 'streamgauge.stream.io',
  ENDED: 'streamgauge.stream.ended',
  FAULTS: 'streamgauge.stream.faults',
  PARSE_ERRORS: 'streamgauge.stream.parse_errors',
  ANOMALIES: 'streamgauge.stream.anomalies',
  ACTIVE: 'streamgauge.stream.active',
  MAX_GAP: 'streamgauge.stream.max_gap',
  /** 1 for each version of the SDK that is watched, also while there are no streams: a sign of life. */
  WATCHED: 'streamgauge.sdk.watched',
} as const

/** Metrics of the GenAI conventions: the newest names, and those of v1.41 that dashboards in the field still read. */
export const GEN_AI_METRIC = {
  DURATION: 'gen_ai.client.inference.duration',
  TIME_TO_FIRST_CHUNK: 'gen_ai.client.inference.time_to_first_chunk',
  TIME_PER_OUTPUT_CHUNK: 'gen_ai.client.inference.time_per_output_chunk',
  INPUT_TOKENS: 'gen_ai.client.inference.operation.input_tokens',
  OUTPUT_TOKENS: 'gen_ai.client.inference.operation.output_tokens',
  USAGE_INPUT_TOKENS: 'gen_ai.client.inference.usage.input_tokens',
  USAGE_OUTPUT_TOKENS: 'gen_ai.client.inference.usage.output_tokens',
  USAGE_CACHE_READ_INPUT_TOKENS: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  USAGE_REASONING_OUTPUT_TOKENS: 'gen_ai.client.inference.usage.reasoning.output_tokens',
  V1_41_DURATION: 'gen_ai.client.operation.duration',
  V1_41_TIME_TO_FIRST_CHUNK: 'gen_ai.client.operation.time_to_first_chunk',
  V1_41_TIME_PER_OUTPUT_CHUNK: 'gen_ai.client.operation.time_per_output_chunk',
  V1_41_TOKEN_USAGE: 'gen_ai.client.token.usage',
} as const

/** Names of the log event, the span events and the child spans. */
export const EVENT = {
  FAULT: 'streamgauge.stream.fault',
  ANOMALY: 'streamgauge.stream.anomaly',
  CHUNK_SPAN: 'streamgauge.chunk',
} as const

/** Options of the instrumentation: option name to environment variable. */
export const OPTION_ENV = {
  rawChunk: 'STREAMGAUGE_RAW_CHUNK',
  maxRawChunkBytes: 'STREAMGAUGE_MAX_RAW_CHUNK_BYTES',
  chunkSpans: 'STREAMGAUGE_CHUNK_SPANS',
  maxChunkSpans: 'STREAMGAUGE_MAX_CHUNK_SPANS',
  stallThresholdMs: 'STREAMGAUGE_STALL_THRESHOLD_MS',
  recorderBytes: 'STREAMGAUGE_RECORDER_BYTES',
  chunkTiming: 'STREAMGAUGE_CHUNK_TIMING',
  semconv: 'STREAMGAUGE_SEMCONV',
  enabled: 'STREAMGAUGE_ENABLED',
} as const
