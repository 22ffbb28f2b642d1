import type { Attributes, AttributeValue } from './any-value.ts'

/** @public */
export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** @public */
export type SpanStatus = 'unset' | 'ok' | 'error'

/** @public */
export interface SpanEventRecord {
  readonly name: string
  /** Nanoseconds since 1970, in decimal: as a number they would be rounded. */
  readonly timeNanos: string
  readonly attributes: Attributes
}

/** Who recorded something: the resource's service and the instrumentation scope. */
interface Origin {
  /** `service.name` of the resource, '' where there is none. */
  readonly service: string
  readonly scopeName: string
  readonly scopeVersion: string
}

/** A span as received. @public */
export interface SpanRecord extends Origin {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly kind: SpanKind
  readonly startNanos: bigint
  readonly endNanos: bigint
  readonly statusCode: SpanStatus
  readonly statusMessage: string
  readonly attributes: Attributes
  readonly events: readonly SpanEventRecord[]
}

/** @public */
export type MetricType = 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'

/** @public */
export type Temporality = 'unspecified' | 'delta' | 'cumulative'

/** One data point of a metric as received. @public */
export interface MetricPointRecord extends Origin {
  /** Attributes of the resource: two processes of one service have the same metrics but not the same series. */
  readonly resource: Attributes
  readonly name: string
  readonly unit: string
  readonly type: MetricType
  readonly temporality: Temporality
  readonly monotonic: boolean
  readonly attributes: Attributes
  readonly startNanos: bigint
  readonly timeNanos: bigint
  /** Value of a gauge or a sum, the sum of a histogram or summary. */
  readonly value: number | null
  /** What a histogram or summary has beside its sum. */
  readonly distribution: Readonly<Record<string, AttributeValue>> | null
}

/** A log record as received. @public */
export interface LogRecord extends Origin {
  /** Time of the event, or when it was observed where the event has no time. */
  readonly timeNanos: bigint
  readonly severityNumber: number
  readonly severityText: string
  readonly eventName: string
  readonly body: AttributeValue
  readonly attributes: Attributes
  readonly traceId: string | null
  readonly spanId: string | null
}

/** What one request brought, as the store takes it. @public */
export type Batch =
  | { readonly signal: 'traces'; readonly records: readonly SpanRecord[] }
  | { readonly signal: 'metrics'; readonly records: readonly MetricPointRecord[] }
  | { readonly signal: 'logs'; readonly records: readonly LogRecord[] }

/** The three signals of OTLP. @public */
export type Signal = Batch['signal']
