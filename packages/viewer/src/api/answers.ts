import type { AnomalyDescription, FaultDescription } from '@streamgauge/core'

import type { Attributes } from '../otlp/any-value.ts'
import type { FoundStream } from '../queries/find-streams.ts'
import type { Overview } from '../queries/overview.ts'
import type { ParseErrorRate } from '../queries/parse-error-rate.ts'
import type { ParseErrors } from '../queries/parse-errors.ts'

/** A stream as a row of the list. */
export type StreamSummary = Pick<
  FoundStream,
  | 'traceId'
  | 'spanId'
  | 'service'
  | 'startMs'
  | 'durationMs'
  | 'model'
  | 'host'
  | 'outcome'
  | 'end'
  | 'errorType'
  | 'cause'
  | 'causeConfidence'
  | 'anomalies'
  | 'reads'
  | 'events'
  | 'bytes'
  | 'timeToFirstChunkMs'
  | 'maxGapMs'
>

/** `GET /api/streams` */
export interface StreamsAnswer {
  readonly streams: readonly StreamSummary[]
  /** Value of the parameter `cursor` for the next page. */
  readonly next: string | null
  readonly matching: number
}

/** One read of the body. Times in milliseconds since the stream began. */
export interface ReadAnswer {
  readonly index: number | null
  readonly offset: number | null
  readonly size: number | null
  /** When the bytes were asked for. */
  readonly askedMs: number
  /** When they came. */
  readonly cameMs: number
}

/** A span of the same trace. */
export interface SpanAnswer {
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly service: string
  readonly statusCode: string
  /** Milliseconds since the stream began: negative for what began before it. */
  readonly startMs: number
  readonly durationMs: number
  readonly isStream: boolean
}

/** `GET /api/streams/:traceId/:spanId` */
export interface StreamAnswer {
  readonly stream: FoundStream
  readonly fault: FaultDescription | null
  readonly anomalies: readonly AnomalyDescription[]
  readonly causeMeaning: string | null
  readonly confidenceMeaning: string | null
  readonly reads: readonly ReadAnswer[]
  readonly logs: readonly { readonly timeNanos: string; readonly body: unknown; readonly attributes: Attributes }[]
  readonly spans: readonly SpanAnswer[]
  /** The trace in Grafana, where the viewer knows one. */
  readonly traceUrl: string | null
}

/** `GET /api/overview` */
export interface OverviewAnswer extends Overview {
  /** From the metrics, over all time. */
  readonly parseErrors: ParseErrorRate
}

/** `GET /api/tour` */
export interface TourAnswer {
  /** `none`: this viewer was given none. */
  readonly state: 'none' | 'ready' | 'running'
  /** Why the last one did not come to its end. */
  readonly failure: string | null
}

/** `GET /api/parse-errors` */
export type ParseErrorsAnswer = ParseErrors

/** `GET /api/faults` */
export interface CatalogueAnswer {
  readonly faults: readonly FaultDescription[]
  readonly anomalies: readonly AnomalyDescription[]
  readonly causes: Readonly<Record<string, string>>
  readonly confidences: Readonly<Record<string, string>>
}
