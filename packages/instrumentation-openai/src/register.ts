import { createRequire } from 'node:module'
import { FLUSH_LIMIT_MS, flushOnExit } from './flush-on-exit.ts'
import { flushProviders } from './flush-providers.ts'
import { installHook } from './install-hook.ts'
import { OpenAIStreamInstrumentation } from './instrumentation.ts'

interface NodeSdkModule {
  readonly NodeSDK: new () => { start(): void }
  readonly startNodeSdk: () => unknown
}

const EXPORT_TIMEOUT = 'OTEL_EXPORTER_OTLP_TIMEOUT'

try {
  start()
} catch (error) {
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
  console.error(
    `streamgauge: nothing is watched, since telemetry could not be started (${reason}); ` +
      'npm install @opentelemetry/sdk-node @opentelemetry/api.',
  )
}

/** Everything an application needs, from the standard `OTEL_*` environment; synchronous, so that it runs before its first line. */
function start(): void {
  const { NodeSDK, startNodeSdk } = createRequire(import.meta.url)('@opentelemetry/sdk-node') as NodeSdkModule
  // Only this one reads it, and then nothing else of the environment.
  if (process.env['OTEL_CONFIG_FILE']) startNodeSdk()
  else withExportTimeout(() => new NodeSDK().start())
  installHook()
  // After the SDK, which sets where warnings go.
  const instrumentation = new OpenAIStreamInstrumentation()
  flushOnExit({
    count: () => instrumentation.ended,
    finish: () => instrumentation.finishOpen(),
    flush: flushProviders,
  })
}

/**
 * Exporters that nobody answers try again until their timeout, which keeps the process alive: ten seconds, unless the
 * environment says otherwise. The variable is taken away again before the application could see it.
 */
function withExportTimeout(startSdk: () => void): void {
  if (process.env[EXPORT_TIMEOUT] !== undefined) return startSdk()
  process.env[EXPORT_TIMEOUT] = `${FLUSH_LIMIT_MS}`
  try {
    startSdk()
  } finally {
    delete process.env[EXPORT_TIMEOUT]
  }
}
