// The application that starts telemetry from a configuration file, in its own code. Its hook comes from `--import .../hook`.
import { startNodeSdk } from '@opentelemetry/sdk-node'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'

const sdk = startNodeSdk({ instrumentations: [new OpenAIStreamInstrumentation()] })
await import('./app.mjs')
await sdk.shutdown()
