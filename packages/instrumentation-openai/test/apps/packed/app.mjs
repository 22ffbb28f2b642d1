// An application of which OpenTelemetry knows nothing: register brings it.
import { OpenAI } from 'openai'
import { readBroken } from './read-broken.cjs'

await readBroken(OpenAI)
