// No loader at all: the classes are handed over.
import { NodeSDK } from '@opentelemetry/sdk-node'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { act } from './act.mjs'

const [, , major, baseURL, name] = process.argv
const { OpenAI } = await import(`openai${major}`)
const { Stream } = await import(`openai${major}/streaming`)
const sdk = new NodeSDK()
sdk.start()
instrumentOpenAI({ OpenAI, Stream })
await act(new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' }), name)
await sdk.shutdown()
