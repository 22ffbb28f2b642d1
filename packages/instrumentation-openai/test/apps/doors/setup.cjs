// For `--require ./setup.cjs`: telemetry of a CommonJS application, from CommonJS.
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { OpenAIStreamInstrumentation } = require('@streamgauge/instrumentation-openai')

const sdk = new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation()] })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
