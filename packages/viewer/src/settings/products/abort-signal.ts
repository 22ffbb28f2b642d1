import type { Product } from '../setting.ts'

export const abortSignal: Product = {
  id: 'abort_signal',
  name: 'AbortSignal.timeout',
  kind: 'client',
  settings: [
    {
      topic: 'client_deadline',
      where: 'where the stream is asked for and read, in place of `AbortSignal.timeout`',
      snippet: `const silence = new AbortController()
const timer = setTimeout(() => silence.abort(new DOMException('No chunk in time.', 'TimeoutError')), 60_000)
try {
  const stream = await openai.chat.completions.create({ ...request, stream: true }, { signal: silence.signal })
  for await (const chunk of stream) {
    timer.refresh()
    show(chunk)
  }
} finally {
  clearTimeout(timer)
}`,
      why: 'A long answer is no reason to stop; a silence is. The timer starts anew with each chunk.',
      bites: 'It counts from the request to the last chunk, however well the answer runs.',
      source: 'https://developer.mozilla.org/en-US/docs/Web/API/AbortSignal/timeout_static',
      verified: 'run',
    },
  ],
  without: {
    client_headers: 'It does not tell the wait for the headers from the rest.',
    client_body: 'It does not tell the silence of the body from the rest.',
    connection: 'It does not tell the connection from the rest.',
  },
}
