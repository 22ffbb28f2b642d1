// An application whose build puts everything into one file, openai as well: no hook sees that it is loaded.
//
//   node <bundle> <base URL> <act>
import { NodeSDK } from '@opentelemetry/sdk-node'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { OpenAI } from 'openai'
import { Stream } from 'openai/streaming'
import { act } from './act.mjs'

const [, , , baseURL, name] = process.argv
const sdk = new NodeSDK()
sdk.start()
instrumentOpenAI({ OpenAI, Stream })
void act(new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0, logLevel: 'off' }), name).then(() => sdk.shutdown())
