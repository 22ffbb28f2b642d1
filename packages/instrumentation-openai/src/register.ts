import { createRequire } from 'node:module'
import { installHook } from './install-hook.ts'
import { OpenAIStreamInstrumentation } from './instrumentation.ts'
import { flushOnExit } from './flush-on-exit.ts'

interface Sdk {
  start(): void
  shutdown(): Promise<void>
}
type NodeSdkModule = { readonly NodeSDK: new (options: { readonly instrumentations: readonly unknown[] }) => Sdk }

start()

/** Everything an application needs, from the standard `OTEL_*` environment. */
function start(): void {
  const module = loadNodeSdk()
  if (module === undefined) return
  installHook()
  const instrumentation = new OpenAIStreamInstrumentation()
  const sdk = new module.NodeSDK({ instrumentations: [instrumentation] })
  sdk.start()
  flushOnExit(async () => {
    instrumentation.finishOpen()
    await sdk.shutdown()
  })
}

/** Synchronous, so that telemetry runs before the first line of the application; and its absence is one sentence. */
function loadNodeSdk(): NodeSdkModule | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/sdk-node') as NodeSdkModule
  } catch (error) {
    console.error(
      'streamgauge: nothing is watched, since @opentelemetry/sdk-node could not be loaded ' +
        `(${error instanceof Error ? error.message.split('\n')[0] : String(error)}); npm install @opentelemetry/sdk-node @opentelemetry/api.`,
    )
    return undefined
  }
}
