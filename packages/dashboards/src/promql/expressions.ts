import type { Outcome } from '@streamgauge/core'
import { METRIC } from '@streamgauge/core/semconv'
import type { Metric } from './instruments.ts'
import { LABEL } from './labels.ts'
import { seriesName, type Door } from './names.ts'

/** Of a stream that was handed over or never read nobody knows how it would have ended: it is in no rate. */
export const JUDGED: readonly Outcome[] = ['completed', 'broken', 'cancelled']

/** A process that was silent for longer than this, and is back with its old counters, counts as a new one. */
const MEMORY = '6h'

/** PromQL for one way in which metrics come, and for the part of them that `matchers` choose. */
export interface Expressions {
  /** The series of a metric. */
  readonly select: (metric: Metric, ...matchers: readonly string[]) => string
  /** Streams that ended in a way that says something, as a selector. */
  readonly judged: () => string
  /** A quantile of a histogram over a window. */
  readonly quantile: (quantile: number, metric: Metric, window: string, by?: readonly string[]) => string
}

export function expressions(door: Door, matchers: readonly string[] = []): Expressions {
  const select = (metric: Metric, ...more: readonly string[]): string => {
    const all = [...matchers, ...more].join(', ')
    return seriesName(metric, door) + (all === '' ? '' : `{${all}}`)
  }
  return {
    select,
    judged: () => select(METRIC.ENDED, isOneOf(LABEL.OUTCOME, JUDGED)),
    quantile: (quantile, metric, window, by = []) =>
      `histogram_quantile(${quantile}, ${sumBy(['le', ...by], growth(select(metric), window))})`,
  }
}

/** A matcher for one of some values. */
export function isOneOf(label: string, values: readonly string[]): string {
  return values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join('|')}"`
}

export function sumBy(labels: readonly string[], expression: string): string {
  return labels.length === 0 ? `sum(${expression})` : `sum by (${labels.join(', ')}) (${expression})`
}

/**
 * How much counters grew within a window: from the last value before it to the last one in it. What happened in a gap of the
 * telemetry counts when it comes; what a process counted before its first export, and a series that begins with its first
 * fault, count from 0. `increase()` knows neither, and is asked only where a counter began again.
 */
export function growth(selector: string, window: string): string {
  const last = `last_over_time(${selector}[${window}])`
  const before = `last_over_time(${selector}[${MEMORY}] offset ${window})`
  return `((${last} unless ${before}) or (${last} - ${before} >= 0) or increase(${selector}[${window}]))`
}
