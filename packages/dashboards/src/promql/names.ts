import { INSTRUMENTS, type Instrument, type Metric } from './instruments.ts'

/**
 * How metrics come to Prometheus, which decides their names: `otlp` for its OTLP receiver with the default translation (what
 * the Collector sends, too), `scrape` for what `@opentelemetry/exporter-prometheus` serves, which adds no units.
 */
export type Door = 'otlp' | 'scrape'

/** What the translation puts behind a name; units in braces are dropped. */
const UNIT_SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }
const KIND_SUFFIXES: Readonly<Record<Instrument['kind'], string>> = {
  counter: '_total',
  gauge: '',
  histogram: '_bucket',
}

/** The name of a metric's series; of a histogram, of its buckets. */
export function seriesName(metric: Metric, door: Door): string {
  const { kind, unit } = INSTRUMENTS[metric]
  const suffix = door === 'otlp' ? (UNIT_SUFFIXES[unit] ?? '') : ''
  return `${labelName(metric)}${suffix}${KIND_SUFFIXES[kind]}`
}

/** What an attribute, or a name, is called where dots are not allowed. */
export function labelName(attribute: string): string {
  return attribute.replaceAll('.', '_')
}
