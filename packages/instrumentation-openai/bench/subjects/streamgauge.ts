import type { Start } from '../harness/subject.ts'
import { startRecording } from './recording-sdk.ts'

type Instrumentation = typeof import('@streamgauge/instrumentation-openai')

/** This package, as an application with an SDK of its own has it; `options` are ours. */
export const start: Start = (require, options) => {
  const { OpenAIStreamInstrumentation } = require('@streamgauge/instrumentation-openai') as Instrumentation
  return startRecording(require, [new OpenAIStreamInstrumentation(options)])
}
