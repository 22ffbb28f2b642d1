// The application that sets telemetry up in its own code. Its hook comes from `--import .../hook`.
import { NodeSDK } from '@opentelemetry/sdk-node'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'

const sdk = new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation()] })
sdk.start()
await import('./app.mjs')
// A collector that is not there makes it reject.
await sdk.shutdown().catch(() => {})
