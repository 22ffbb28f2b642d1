import { integerOption, MAX_ROWS } from '../options.ts'

/**
 * Where the store lives and how much it keeps. Beyond each limit the oldest rows go.
 *
 * @public
 */
export interface StoreOptions {
  /**
   * File to keep the telemetry in; in memory, and gone with the store, when absent. Two stores may share a file, but each
   * holds the limits below for what was there when it opened and what came through itself.
   */
  readonly path?: string | undefined
  /**
   * Spans of streams, 1 to 10,000,000. Counted apart, so that the chunk spans of one stream don't push out others.
   *
   * @defaultValue 10000
   */
  readonly maxStreams?: number | undefined
  /**
   * All other spans, 1 to 10,000,000.
   *
   * @defaultValue 50000
   */
  readonly maxSpans?: number | undefined
  /**
   * Log records, 1 to 10,000,000.
   *
   * @defaultValue 20000
   */
  readonly maxLogs?: number | undefined
  /**
   * Metric series (a metric with one set of attributes from one start of one process), 1 to 10,000,000.
   *
   * @defaultValue 20000
   */
  readonly maxMetricSeries?: number | undefined
  /**
   * Data points of all series together, 1 to 10,000,000. A series keeps its newest value beyond this limit.
   *
   * @defaultValue 100000
   */
  readonly maxMetricPoints?: number | undefined
  /**
   * Bytes of names, attributes, events and bodies that each of the five kinds above may take, 1 to 2^40: a count alone
   * would not bound records of any size.
   *
   * @defaultValue 67108864 (64 MiB)
   */
  readonly maxBytesPerKind?: number | undefined
  /**
   * Milliseconds from its arrival after which telemetry goes, 1 to 2^48; a metric series goes so long after its newest point.
   * Looked at when the store opens, whenever something arrives, and each minute.
   *
   * @defaultValue none: telemetry of any age stays
   */
  readonly maxAgeMs?: number | undefined
}

const DEFAULT_MAX_STREAMS = 10_000
const DEFAULT_MAX_SPANS = 50_000
const DEFAULT_MAX_LOGS = 20_000
const DEFAULT_MAX_METRIC_SERIES = 20_000
const DEFAULT_MAX_METRIC_POINTS = 100_000
const DEFAULT_MAX_BYTES_PER_KIND = 64 * 2 ** 20

/** `StoreOptions` with nothing left open: rows of each kind, bytes of each, and the age of all. */
export interface StoreLimits {
  readonly streams: number
  readonly spans: number
  readonly logs: number
  readonly series: number
  readonly points: number
  readonly bytes: number
  readonly ageMs: number
}

/** The limits with their defaults. @throws RangeError when one is out of range. */
export function readLimits(options: StoreOptions): StoreLimits {
  const rows = (name: keyof StoreOptions, value: number | undefined, otherwise: number) =>
    integerOption(name, value, { min: 1, max: MAX_ROWS, otherwise })
  return {
    streams: rows('maxStreams', options.maxStreams, DEFAULT_MAX_STREAMS),
    spans: rows('maxSpans', options.maxSpans, DEFAULT_MAX_SPANS),
    logs: rows('maxLogs', options.maxLogs, DEFAULT_MAX_LOGS),
    series: rows('maxMetricSeries', options.maxMetricSeries, DEFAULT_MAX_METRIC_SERIES),
    points: rows('maxMetricPoints', options.maxMetricPoints, DEFAULT_MAX_METRIC_POINTS),
    bytes: integerOption('maxBytesPerKind', options.maxBytesPerKind, {
      min: 1,
      max: 2 ** 40,
      otherwise: DEFAULT_MAX_BYTES_PER_KIND,
    }),
    ageMs: integerOption('maxAgeMs', options.maxAgeMs, { min: 1, max: 2 ** 48, otherwise: Number.POSITIVE_INFINITY }),
  }
}
