export { startReceiver } from './receiver/start-receiver.ts'
export type { Receiver, ReceiverOptions } from './receiver/start-receiver.ts'

export type { Tour } from './api/tour.ts'

export { openStore } from './store/open-store.ts'
export type { StoreOptions } from './store/store-options.ts'
export type { Parameters, Row, Store, StoreEvent } from './store/store.ts'

export { chunkSpans } from './queries/chunk-spans.ts'
export type { ChunkSpanRow } from './queries/chunk-spans.ts'
export { faultLogs } from './queries/fault-logs.ts'
export type { FaultLogFilter, FaultLogRow } from './queries/fault-logs.ts'
export { listStreams } from './queries/list-streams.ts'
export type { RawChunk, StreamFilter, StreamRow } from './queries/list-streams.ts'
export { parseErrorRate } from './queries/parse-error-rate.ts'
export type { ParseErrorRate, ParseErrorRateFilter } from './queries/parse-error-rate.ts'
export type { SpanRow } from './queries/spans.ts'
export { waitForStreams } from './queries/wait-for-streams.ts'

export type { Attributes, AttributeValue } from './otlp/any-value.ts'
export type {
  Batch,
  LogRecord,
  MetricPointRecord,
  MetricType,
  Signal,
  SpanEventRecord,
  SpanKind,
  SpanRecord,
  SpanStatus,
  Temporality,
} from './otlp/records.ts'

export { ViewerError } from './viewer-error.ts'
export type { ViewerErrorCode } from './viewer-error.ts'
