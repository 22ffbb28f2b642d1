import type { FaultCode } from '@streamgauge/core'

/** A setting of a client: how it breaks a stream before. */
export interface ClientTrial {
  /** What the fault server is asked for. */
  readonly upstream: string
  readonly code: FaultCode
  /** What stands in the place of the snippet. */
  readonly before: string
}

/** By product and topic, as the catalogue has them. */
export const CLIENT_TRIALS: Readonly<Record<string, ClientTrial>> = {
  'openai_sdk client_headers': {
    upstream: 'paced_late',
    code: 'headers_timeout',
    before: 'const openai = new OpenAI({ timeout: 500 })',
  },
  'undici client_headers': {
    upstream: 'paced_late',
    code: 'headers_timeout',
    before: `const dispatcher = new Agent({ headersTimeout: 500 })
const openai = new OpenAI({ fetch, fetchOptions: { dispatcher } })`,
  },
  'undici client_body': {
    upstream: 'paced_silence',
    code: 'body_timeout',
    before: `const dispatcher = new Agent({ bodyTimeout: 500 })
const openai = new OpenAI({ fetch, fetchOptions: { dispatcher } })`,
  },
  'abort_signal client_deadline': {
    upstream: 'paced',
    code: 'client_timeout',
    before: `const signal = AbortSignal.timeout(500)
const stream = await openai.chat.completions.create({ ...request, stream: true }, { signal })
for await (const chunk of stream) show(chunk)`,
  },
}
