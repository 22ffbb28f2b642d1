export { OpenAIStreamInstrumentation } from './instrumentation.ts'
export type { OpenAIStreamInstrumentationConfig } from './instrumentation.ts'
export { instrumentOpenAI } from './instrument-openai.ts'
export type { OpenAIModules } from './instrument-openai.ts'
export type {
  ChunkSpansMode,
  ChunkTimingMode,
  RawChunkMode,
  RedactContext,
  SemconvMode,
  StreamgaugeOptions,
} from './options.ts'
