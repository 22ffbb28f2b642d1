import { reassemble, recoverStream, requireComplete, type StreamSource } from '@streamgauge/recovery'
import OpenAI from 'openai'

const request = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'hi' }],
  stream: true,
} satisfies OpenAI.ChatCompletionCreateParamsStreaming

/** Ways in which an app reads a stream, by name: those that recovery offers, and the SDK's own. */
export type SubjectName = 'bare' | 'recoverStream' | 'requireComplete' | 'reassemble'

/** Begins a stream that is answered by a given `fetch`. */
export const SUBJECTS: Readonly<Record<SubjectName, (fetch: typeof globalThis.fetch) => StreamSource<unknown>>> = {
  bare: (fetch) => clientWith(fetch).chat.completions.create(request),
  recoverStream(fetch) {
    const client = clientWith(fetch)
    return recoverStream(({ request: body, options }) => client.chat.completions.create(body, options), { request })
  },
  requireComplete: (fetch) => requireComplete(clientWith(fetch).chat.completions.create(request), { request }),
  reassemble: (fetch) => clientWith(reassemble(fetch)).chat.completions.create(request),
}

function clientWith(fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({ apiKey: 'bench', logLevel: 'off', maxRetries: 0, fetch })
}
