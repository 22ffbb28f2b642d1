// An application that requires the package by itself.
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { OpenAIStreamInstrumentation } = require('@streamgauge/instrumentation-openai')
const { readBroken } = require('./read-broken.cjs')

const sdk = new NodeSDK({ instrumentations: [new OpenAIStreamInstrumentation()] })
sdk.start()
void readBroken(require('openai').OpenAI).then(() => sdk.shutdown())
