import { ATTR } from '@streamgauge/core/semconv'
import type { ParseErrorRate, StreamRow } from '@streamgauge/viewer'
import type { Stop } from './tour.ts'

/** One stream of the tour: what was injected, what was expected, and what the telemetry says. Durations in milliseconds. */
export interface StreamResult {
  readonly injected: string
  readonly kind: Stop['kind']
  /** The expected `error.type`, or the outcome where there is to be none. */
  readonly expected: string
  readonly expectedAnomalies: readonly string[]
  readonly asExpected: boolean
  /** The rest comes from the telemetry; `null` where it says nothing. */
  readonly outcome: string | null
  readonly end: string | null
  readonly errorType: string | null
  readonly cause: string | null
  readonly causeConfidence: string | null
  readonly causeEvidence: string | null
  readonly remedy: string | null
  readonly anomalies: readonly string[]
  readonly chunks: number | null
  readonly reads: number | null
  readonly bytes: number | null
  readonly timeToFirstChunkMs: number | null
  readonly longestGapMs: number | null
  readonly rawChunk: StreamRow['chunk']
  readonly traceId: string | null
  readonly spanId: string | null
}

/** What `demo --json` prints. */
export interface DemoResult {
  readonly streams: readonly StreamResult[]
  readonly parseErrorRate: ParseErrorRate
  readonly summary: {
    readonly streams: number
    readonly faults: number
    readonly healthy: number
    readonly asExpected: number
    /** One sentence for each stream that was told as something else. */
    readonly differences: readonly string[]
  }
}

/** Holds what the telemetry says of each stream against what was injected. */
export function compare(
  stops: readonly Stop[],
  rows: readonly StreamRow[],
  parseErrorRate: ParseErrorRate,
): DemoResult {
  const streams = stops.map((stop) =>
    toResult(
      stop,
      rows.find((row) => row.model === stop.model),
    ),
  )
  const differences = streams.filter((stream) => !stream.asExpected).map(describeDifference)
  return {
    streams,
    parseErrorRate,
    summary: {
      streams: streams.length,
      faults: streams.filter(({ kind }) => kind === 'fault').length,
      healthy: streams.filter(({ kind }) => kind === 'healthy').length,
      asExpected: streams.length - differences.length,
      differences,
    },
  }
}

function toResult(stop: Stop, row: StreamRow | undefined): StreamResult {
  const evidence = row?.attributes[ATTR.CAUSE_EVIDENCE]
  const { outcome, errorType, anomalies } = stop.expected
  return {
    injected: stop.name,
    kind: stop.kind,
    expected: errorType ?? outcome,
    expectedAnomalies: anomalies,
    asExpected:
      row?.outcome === outcome &&
      (row.errorType ?? undefined) === errorType &&
      anomalies.toSorted().join() === row.anomalies.toSorted().join(),
    outcome: row?.outcome ?? null,
    end: row?.end ?? null,
    errorType: row?.errorType ?? null,
    cause: row?.cause ?? null,
    causeConfidence: row?.causeConfidence ?? null,
    causeEvidence: typeof evidence === 'string' ? evidence : null,
    remedy: row?.remedy ?? null,
    anomalies: row?.anomalies ?? [],
    chunks: row?.events ?? null,
    reads: row?.reads ?? null,
    bytes: row?.bytes ?? null,
    timeToFirstChunkMs: row?.timeToFirstChunkMs ?? null,
    longestGapMs: row?.maxGapMs ?? null,
    rawChunk: row?.chunk ?? null,
    traceId: row?.traceId ?? null,
    spanId: row?.spanId ?? null,
  }
}

function describeDifference(stream: StreamResult): string {
  if (stream.outcome === null) return `${stream.injected}: no span of it arrived.`
  const tell = (verdict: string, anomalies: readonly string[]): string =>
    anomalies.length === 0 ? verdict : `${verdict} with ${anomalies.join(', ')}`
  const expected = tell(stream.expected, stream.expectedAnomalies)
  const told = tell(stream.errorType ?? stream.outcome, stream.anomalies)
  return `${stream.injected}: expected ${expected}, but was told as ${told}.`
}
