import { randomBytes } from 'node:crypto'
import { ATTR } from '@streamgauge/core/semconv'

export interface SentSpan {
  readonly traceId: string
  readonly name: string
  /** How the stream ended whose span it is; none for other spans. */
  readonly outcome?: string | undefined
  /** It has no parent. */
  readonly isRoot?: boolean | undefined
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex')
}

/** Sends one span over OTLP, as an application's SDK would. */
export async function sendSpan(otlpUrl: string, { traceId, name, outcome, isRoot = false }: SentSpan): Promise<void> {
  const nowNs = `${Date.now()}000000`
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    ...(isRoot ? {} : { parentSpanId: randomBytes(8).toString('hex') }),
    name,
    kind: 3,
    startTimeUnixNano: nowNs,
    endTimeUnixNano: nowNs,
    attributes: outcome === undefined ? [] : [{ key: ATTR.OUTCOME, value: { stringValue: outcome } }],
  }
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  })
  if (!response.ok) throw new Error(`the Collector answers ${response.status}: ${await response.text()}`)
}
