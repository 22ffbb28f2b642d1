import type { Instrumentation } from '@opentelemetry/instrumentation'
import type { EndedSpan, Watch } from '../harness/subject.ts'

type SdkNode = typeof import('@opentelemetry/sdk-node')
type SdkTrace = typeof import('@opentelemetry/sdk-trace')
type SdkMetrics = typeof import('@opentelemetry/sdk-metrics')
type SdkLogs = typeof import('@opentelemetry/sdk-logs')

/** Spans that are kept until they are asked for. */
const MAX_KEPT = 64

/** What is read of a span of OpenTelemetry, 2.x or 3.x. */
interface SpanOfSdk {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly { readonly name: string }[]
  readonly status: { readonly code: number }
}

/** A span processor that counts, and what it has counted. */
export function countSpans(): { readonly watch: Watch; readonly processor: SpanCounter } {
  let ended = 0
  let kept: SpanOfSdk[] = []
  const onEnd = (span: SpanOfSdk): void => {
    ended++
    if (kept.length < MAX_KEPT) kept.push(span)
  }
  const processor = { onStart: () => {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} }
  const takeSpans = (): EndedSpan[] => {
    const taken = kept
    kept = []
    return taken.map(({ attributes, events, status }) => ({
      attributes,
      eventNames: events.map(({ name }) => name),
      isError: status.code === 2,
    }))
  }
  return { processor, watch: { spansEnded: () => ended, takeSpans } }
}

export interface SpanCounter {
  onStart(): void
  onEnd(span: SpanOfSdk): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** An exporter of any signal that sends nothing. */
export const NOWHERE = {
  export: (_: unknown, done: (result: { code: number }) => void): void => done({ code: 0 }),
  forceFlush: async (): Promise<void> => {},
  shutdown: async (): Promise<void> => {},
}

/** Starts an OpenTelemetry SDK 3.x that records everything, and exports it to nowhere. */
export function startRecording(require: NodeJS.Require, instrumentations: Instrumentation[]): Watch {
  const { NodeSDK } = require('@opentelemetry/sdk-node') as SdkNode
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace') as SdkTrace
  const { PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics') as SdkMetrics
  const { BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs') as SdkLogs
  const { processor, watch } = countSpans()
  new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [processor, new BatchSpanProcessor({ exporter: NOWHERE })],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: NOWHERE })],
    logRecordProcessors: [new BatchLogRecordProcessor({ exporter: NOWHERE })],
    instrumentations,
  }).start()
  return watch
}
