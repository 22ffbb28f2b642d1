import { GEN_AI_METRIC, METRIC } from '@streamgauge/core/semconv'

/** An OpenTelemetry metric that is asked for: its kind and unit decide what Prometheus calls its series. */
export interface Instrument {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** In UCUM, as the instrumentation says it. */
  readonly unit: string
}

/** The metrics that queries may ask for. */
export type Metric =
  | (typeof METRIC)[keyof typeof METRIC]
  | (typeof GEN_AI_METRIC)['TIME_TO_FIRST_CHUNK' | 'TIME_PER_OUTPUT_CHUNK']

export const INSTRUMENTS: Readonly<Record<Metric, Instrument>> = {
  [METRIC.CHUNKS]: { kind: 'counter', unit: '{chunk}' },
  [METRIC.READS]: { kind: 'counter', unit: '{read}' },
  [METRIC.IO]: { kind: 'counter', unit: 'By' },
  [METRIC.ENDED]: { kind: 'counter', unit: '{stream}' },
  [METRIC.FAULTS]: { kind: 'counter', unit: '{fault}' },
  [METRIC.PARSE_ERRORS]: { kind: 'counter', unit: '{error}' },
  [METRIC.ANOMALIES]: { kind: 'counter', unit: '{anomaly}' },
  [METRIC.ACTIVE]: { kind: 'gauge', unit: '{stream}' },
  [METRIC.WATCHED]: { kind: 'gauge', unit: '{sdk}' },
  [METRIC.MAX_GAP]: { kind: 'histogram', unit: 's' },
  [GEN_AI_METRIC.TIME_TO_FIRST_CHUNK]: { kind: 'histogram', unit: 's' },
  [GEN_AI_METRIC.TIME_PER_OUTPUT_CHUNK]: { kind: 'histogram', unit: 's' },
}
