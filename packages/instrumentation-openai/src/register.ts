import { createRequire } from 'node:module'
import { FLUSH_LIMIT_MS, flushOnExit } from './flush-on-exit.ts'
import { installHook } from './install-hook.ts'
import { OpenAIStreamInstrumentation } from './instrumentation.ts'

interface Sdk {
  start(): void
  shutdown(): Promise<void>
}
type NodeSdkModule = { readonly NodeSDK: new () => Sdk }

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
  const { NodeSDK } = createRequire(import.meta.url)('@opentelemetry/sdk-node') as NodeSdkModule
  const sdk = withExportTimeout(() => {
    const made = new NodeSDK()
    made.start()
    return made
  })
  installHook()
  // After the SDK, which sets where warnings go.
  const instrumentation = new OpenAIStreamInstrumentation()
  flushOnExit(async () => {
    instrumentation.finishOpen()
    await sdk.shutdown()
  })
}

/**
 * Exporters that nobody answers try again until their timeout, which keeps the process alive: ten seconds, unless the
 * environment says otherwise. The variable is taken away again before the application could see it.
 */
function withExportTimeout<T>(make: () => T): T {
  if (process.env[EXPORT_TIMEOUT] !== undefined) return make()
  process.env[EXPORT_TIMEOUT] = `${FLUSH_LIMIT_MS}`
  try {
    return make()
  } finally {
    delete process.env[EXPORT_TIMEOUT]
  }
}
