import type { Watch } from '../../harness/subject.ts'
import { countSpans, NOWHERE } from '../../subjects/recording-sdk.ts'

/** Of OpenTelemetry's SDK 2.x, what differs from 3.x: most take their exporter as it is. */
interface Sdk2 {
  readonly NodeSDK: new (options: object) => { start(): void }
  readonly BatchSpanProcessor: new (exporter: object) => object
  readonly PeriodicExportingMetricReader: new (options: { readonly exporter: object }) => object
  readonly BatchLogRecordProcessor: new (exporter: object) => object
}

export interface Recording2Options {
  readonly instrumentations?: readonly object[]
  /** In place of the SDK's own batch processor. */
  readonly spanProcessor?: object
}

/** What `startRecording` does, with an SDK 2.x. */
export function startRecording2(require: NodeJS.Require, options: Recording2Options): Watch {
  const { NodeSDK } = require('@opentelemetry/sdk-node') as Sdk2
  const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base') as Sdk2
  const { PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics') as Sdk2
  const { BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs') as Sdk2
  const { processor, watch } = countSpans()
  new NodeSDK({
    autoDetectResources: false,
    spanProcessors: [processor, options.spanProcessor ?? new BatchSpanProcessor(NOWHERE)],
    metricReader: new PeriodicExportingMetricReader({ exporter: NOWHERE }),
    logRecordProcessors: [new BatchLogRecordProcessor(NOWHERE)],
    instrumentations: options.instrumentations ?? [],
  }).start()
  return watch
}
