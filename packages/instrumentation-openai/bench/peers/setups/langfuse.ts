import type { Start } from '../../harness/subject.ts'
import { NOWHERE } from '../../subjects/recording-sdk.ts'
import { startRecording2 } from './recording-sdk-2.ts'

interface LangfuseOtel {
  readonly LangfuseSpanProcessor: new (options: object) => object
}

interface LangfuseOpenAI {
  readonly observeOpenAI: <Client extends object>(client: Client) => Client
}

/** Langfuse's span processor in an SDK, and its wrapper around the client. */
export const start: Start = (require) => {
  const { LangfuseSpanProcessor } = require('@langfuse/otel') as LangfuseOtel
  const { observeOpenAI } = require('@langfuse/openai') as LangfuseOpenAI
  // Nothing is sent: neither by the exporter nor as media, of which there are none.
  const account = { publicKey: 'bench', secretKey: 'bench', baseUrl: 'http://127.0.0.1:9' }
  const spanProcessor = new LangfuseSpanProcessor({ ...account, exporter: NOWHERE })
  return { ...startRecording2(require, { spanProcessor }), wrap: observeOpenAI }
}
