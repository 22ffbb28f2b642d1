import type { ClientHints, StreamingApi } from '../src/index.ts'

const PATHS: Readonly<Record<StreamingApi, string>> = {
  chat: '/chat/completions',
  completions: '/completions',
  responses: '/responses',
  assistants: '/threads/thread_1/runs',
  images: '/images/generations',
  transcriptions: '/audio/transcriptions',
  speech: '/audio/speech',
}

/** What asks for a stream of one interface. */
export interface StreamingRequest {
  /** Below the base URL. */
  readonly path: string
  readonly body: string | FormData
}

const formatForm = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('file', new File(['RIFF'], 'river.wav', { type: 'audio/wav' }))
  return form
}

/** Writes the request that a client makes for a stream. */
export const formatRequest = (
  api: StreamingApi,
  model: string,
  { includeUsage }: Pick<ClientHints, 'includeUsage'> = {},
): StreamingRequest => {
  const usage = includeUsage === true ? { stream_options: { include_usage: true } } : {}
  const streaming = api === 'speech' ? { stream_format: 'sse' } : { stream: true }
  const body =
    api === 'transcriptions' ? formatForm({ model, stream: 'true' }) : JSON.stringify({ model, ...streaming, ...usage })
  return { path: PATHS[api], body }
}
