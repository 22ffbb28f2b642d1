import { messagesAt, textOf } from './protobuf.ts'

// Field numbers of opentelemetry-proto: https://github.com/open-telemetry/opentelemetry-proto
/** `resource_spans`, `scope_spans`, `spans`; those of metrics and logs have the same numbers. */
export const ITEMS = [1, 2, 2]
const SPAN_NAME = 5
const METRIC_NAME = 1
const DATA_POINTS = 1
const [GAUGE, SUM, HISTOGRAM] = [5, 7, 9]
/** Packed, eight bytes each. */
const BUCKET_COUNTS = 6
/** What Prometheus has beside the buckets: `_count` and `_sum`. */
const BESIDE_BUCKETS = 2

/** The names of the spans in a request to `/v1/traces`. */
export function spanNames(request: Uint8Array): string[] {
  return messagesAt(request, ITEMS).map((span) => textOf(messagesAt(span, [SPAN_NAME])[0]))
}

/** How many series Prometheus makes of each instrument in a request to `/v1/metrics`. */
export function seriesByInstrument(request: Uint8Array): Map<string, number> {
  const series = new Map<string, number>()
  for (const metric of messagesAt(request, ITEMS)) {
    const numbers = [GAUGE, SUM].flatMap((kind) => messagesAt(metric, [kind, DATA_POINTS]))
    const histograms = messagesAt(metric, [HISTOGRAM, DATA_POINTS])
    const buckets = histograms.map((point) => (messagesAt(point, [BUCKET_COUNTS])[0]?.length ?? 0) / 8 + BESIDE_BUCKETS)
    const name = textOf(messagesAt(metric, [METRIC_NAME])[0])
    series.set(name, (series.get(name) ?? 0) + numbers.length + buckets.reduce((sum, count) => sum + count, 0))
  }
  return series
}
