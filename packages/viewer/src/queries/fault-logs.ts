import { EVENT, GEN_AI } from '@streamgauge/core/semconv'

import type { Attributes, AttributeValue } from '../otlp/any-value.ts'
import type { Row, Store } from '../store/store.ts'

import { integerOption, MAX_ROWS } from '../options.ts'
import { attributesColumn, numberColumn, textAttribute, textColumn, textOr } from './columns.ts'

/**
 * The log event of a fault.
 *
 * @public
 */
export interface FaultLogRow {
  /** Milliseconds since 1970, with a fraction. */
  readonly timeMs: number
  /** The same in nanoseconds, exact, in decimal. */
  readonly timeNanos: string
  /** OpenTelemetry's number, 1 to 24; 0 where none was sent. */
  readonly severityNumber: number
  readonly severityText: string
  readonly eventName: string
  readonly body: AttributeValue
  readonly errorType: string | null
  readonly attributes: Attributes
  readonly traceId: string | null
  readonly spanId: string | null
  readonly service: string
}

/** @public */
export interface FaultLogFilter {
  /**
   * The newest so many, 1 to 10,000,000.
   *
   * @defaultValue 1000
   */
  readonly limit?: number | undefined
  readonly traceId?: string | undefined
}

const DEFAULT_LIMIT = 1000

const query = (source: string): string => `
SELECT time_nanos / 1e6 AS time_ms, CAST(time_nanos AS TEXT) AS time_text, severity_number, severity_text, event_name,
  body, attributes, trace_id, span_id, service
FROM ${source} AND event_name = :event
ORDER BY time_nanos DESC, id DESC
LIMIT :limit`

const ALL = query('logs WHERE TRUE')

// SQLite would look through the events of all traces, which stand in the order that is asked for.
const OF_TRACE = query('logs INDEXED BY logs_by_trace WHERE trace_id = :traceId')

/**
 * The log events of faults, newest last.
 *
 * @throws RangeError for a limit out of range; ViewerError `store_closed`.
 * @public
 */
export function faultLogs(store: Store, filter: FaultLogFilter = {}): readonly FaultLogRow[] {
  const limit = integerOption('limit', filter.limit, { min: 1, max: MAX_ROWS, otherwise: DEFAULT_LIMIT })
  const parameters = { event: EVENT.FAULT, limit }
  const traceId = filter.traceId?.toLowerCase()
  const rows =
    traceId === undefined ? store.select(ALL, parameters) : store.select(OF_TRACE, { ...parameters, traceId })
  return rows.map(toFaultLogRow).toReversed()
}

function toFaultLogRow(row: Row): FaultLogRow {
  const attributes = attributesColumn(row)
  return {
    timeMs: numberColumn(row, 'time_ms'),
    timeNanos: textColumn(row, 'time_text'),
    severityNumber: numberColumn(row, 'severity_number'),
    severityText: textColumn(row, 'severity_text'),
    eventName: textColumn(row, 'event_name'),
    body: JSON.parse(textColumn(row, 'body')) as AttributeValue,
    errorType: textAttribute(attributes, GEN_AI.ERROR_TYPE),
    attributes,
    traceId: textOr(row['trace_id'], null),
    spanId: textOr(row['span_id'], null),
    service: textColumn(row, 'service'),
  }
}
