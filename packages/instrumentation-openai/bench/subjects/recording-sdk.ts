import type { Instrumentation } from '@opentelemetry/instrumentation'

type SdkNode = typeof import('@opentelemetry/sdk-node')
type SdkTrace = typeof import('@opentelemetry/sdk-trace')
type SdkMetrics = typeof import('@opentelemetry/sdk-metrics')
type SdkLogs = typeof import('@opentelemetry/sdk-logs')

/**
 * Starts an OpenTelemetry SDK that records everything, and exports it to nowhere.
 *
 * @returns how many spans have ended
 */
export function startRecording(require: NodeJS.Require, instrumentations: Instrumentation[]): () => number {
  const { NodeSDK } = require('@opentelemetry/sdk-node') as SdkNode
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace') as SdkTrace
  const { PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics') as SdkMetrics
  const { BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs') as SdkLogs
  let ended = 0
  const counter = {
    onStart: () => {},
    onEnd: () => void ended++,
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const nowhere = {
    export: (_: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [counter, new BatchSpanProcessor({ exporter: nowhere })],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: nowhere })],
    logRecordProcessors: [new BatchLogRecordProcessor({ exporter: nowhere })],
    instrumentations,
  }).start()
  return () => ended
}
