import type { AnomalyType, FaultCode } from '@streamgauge/core'
import type { Door } from '../promql/names.ts'

/** One alert, and its paragraph in the runbook. */
export interface Alert {
  readonly name: string
  /** `critical` wakes somebody up; `warning` is looked at in the day. */
  readonly severity: 'critical' | 'warning'
  readonly expr: (door: Door) => string
  /** How long it has to hold, in Prometheus's notation; at once without it. */
  readonly for?: string | undefined
  /** One line that names where; templated by Prometheus. */
  readonly summary: string
  readonly description: string
  /** The dashboard to look at, and the variables in its address that are taken from the alert's labels. */
  readonly dashboard: { readonly uid: string; readonly variables: Readonly<Record<string, string>> }
  readonly runbook: RunbookParagraph
}

export interface RunbookParagraph {
  /** When it fires, and why that matters. */
  readonly meaning: string
  /** What to look at, in this order. */
  readonly look: readonly string[]
  /** Whose causes and remedies the paragraph lists, from the catalogue. */
  readonly faults: readonly FaultCode[]
  readonly anomalies: readonly AnomalyType[]
  /** When it goes away, and how to silence it where it is wrong. */
  readonly ends: string
}
