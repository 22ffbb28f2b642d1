// An application that imports the package by itself, without a loader.
import { NodeSDK } from '@opentelemetry/sdk-node'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { OpenAI } from 'openai'
import { Stream } from 'openai/streaming'
import { readBroken } from './read-broken.cjs'

const sdk = new NodeSDK()
sdk.start()
instrumentOpenAI({ OpenAI, Stream })
await readBroken(OpenAI)
await sdk.shutdown()
