import { ATTR, GEN_AI } from '@streamgauge/core/semconv'

import type { Attributes } from '../otlp/any-value.ts'
import type { Row, Store } from '../store/store.ts'
import type { SpanRow } from './spans.ts'

import { integerOption, MAX_ROWS } from '../options.ts'
import { numberAttribute, secondsToMs, textAttribute, textColumn, textsAttribute } from './columns.ts'
import { SPAN_COLUMNS, toSpanRow } from './spans.ts'

/**
 * The piece of a stream that could not be parsed, as its span recorded it.
 *
 * @public
 */
export interface RawChunk {
  /** Text, or base64 where `encoding` says so; `null` when recording it is switched off. */
  readonly raw: string | null
  readonly index: number | null
  /** Bytes of the stream before it. */
  readonly offset: number | null
  /** Bytes on the wire, whatever part of them was recorded. */
  readonly size: number | null
  /** Whether `raw` is a part of it only. */
  readonly truncated: boolean | null
  readonly encoding: string | null
  /** Where in `raw` it broke: a character offset, in base64 a byte offset. */
  readonly break: number | null
}

/**
 * A span of a stream. What its attributes don't say is `null`, or empty.
 *
 * @public
 */
export interface StreamRow extends SpanRow {
  /** The requested model, or the answering one where no request names it. */
  readonly model: string | null
  readonly operation: string | null
  /** One of core's outcomes, unless another program wrote the span. */
  readonly outcome: string
  readonly end: string | null
  readonly errorType: string | null
  readonly cause: string | null
  readonly causeConfidence: string | null
  readonly remedy: string | null
  readonly anomalies: readonly string[]
  readonly reads: number | null
  readonly events: number | null
  readonly bytes: number | null
  readonly timeToFirstChunkMs: number | null
  readonly maxGapMs: number | null
  readonly chunk: RawChunk | null
  readonly finishReasons: readonly string[]
}

/** @public */
export interface StreamFilter {
  /**
   * The newest so many, 1 to 10,000,000.
   *
   * @defaultValue 1000
   */
  readonly limit?: number | undefined
  readonly service?: string | undefined
  readonly traceId?: string | undefined
}

const DEFAULT_LIMIT = 1000

const query = (condition: string): string => `
SELECT outcome, ${SPAN_COLUMNS}
FROM spans
WHERE outcome IS NOT NULL AND (:service IS NULL OR service = :service) AND ${condition}
ORDER BY start_nanos DESC, id DESC
LIMIT :limit`

const OF_ALL_TRACES = query('TRUE')
const OF_TRACE = query('trace_id = :traceId')

/**
 * The spans of streams in the order in which the streams began, newest last.
 *
 * @throws RangeError for a limit out of range; ViewerError `store_closed`.
 * @public
 */
export function listStreams(store: Store, filter: StreamFilter = {}): readonly StreamRow[] {
  const limit = integerOption('limit', filter.limit, { min: 1, max: MAX_ROWS, otherwise: DEFAULT_LIMIT })
  const parameters = { service: filter.service ?? null, limit }
  const traceId = filter.traceId?.toLowerCase()
  const rows =
    traceId === undefined ? store.select(OF_ALL_TRACES, parameters) : store.select(OF_TRACE, { ...parameters, traceId })
  return rows.map(toStreamRow).toReversed()
}

/** A row with `outcome` and the columns of a span. */
export function toStreamRow(row: Row): StreamRow {
  const span = toSpanRow(row)
  const { attributes } = span
  return {
    ...span,
    model: textAttribute(attributes, GEN_AI.REQUEST_MODEL) ?? textAttribute(attributes, GEN_AI.RESPONSE_MODEL),
    operation: textAttribute(attributes, GEN_AI.OPERATION_NAME),
    outcome: textColumn(row, 'outcome'),
    end: textAttribute(attributes, ATTR.END),
    errorType: textAttribute(attributes, GEN_AI.ERROR_TYPE),
    cause: textAttribute(attributes, ATTR.CAUSE),
    causeConfidence: textAttribute(attributes, ATTR.CAUSE_CONFIDENCE),
    remedy: textAttribute(attributes, ATTR.REMEDY),
    anomalies: textsAttribute(attributes, ATTR.ANOMALIES),
    reads: numberAttribute(attributes, ATTR.READS),
    events: numberAttribute(attributes, ATTR.EVENTS),
    bytes: numberAttribute(attributes, ATTR.BYTES),
    timeToFirstChunkMs: secondsToMs(numberAttribute(attributes, GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK)),
    maxGapMs: secondsToMs(numberAttribute(attributes, ATTR.MAX_GAP)),
    chunk: toRawChunk(attributes),
    finishReasons: textsAttribute(attributes, GEN_AI.RESPONSE_FINISH_REASONS),
  }
}

/** `null` for a stream whose span records nothing of a chunk. */
function toRawChunk(attributes: Attributes): RawChunk | null {
  const truncated = attributes[ATTR.CHUNK_TRUNCATED]
  const chunk: RawChunk = {
    raw: textAttribute(attributes, ATTR.CHUNK_RAW),
    index: numberAttribute(attributes, ATTR.CHUNK_INDEX),
    offset: numberAttribute(attributes, ATTR.CHUNK_OFFSET),
    size: numberAttribute(attributes, ATTR.CHUNK_SIZE),
    truncated: typeof truncated === 'boolean' ? truncated : null,
    encoding: textAttribute(attributes, ATTR.CHUNK_ENCODING),
    break: numberAttribute(attributes, ATTR.CHUNK_BREAK),
  }
  return Object.values(chunk).every((value) => value === null) ? null : chunk
}
