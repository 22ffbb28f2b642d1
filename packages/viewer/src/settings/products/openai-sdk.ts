import type { Product } from '../setting.ts'

export const openaiSdk: Product = {
  id: 'openai_sdk',
  name: 'OpenAI SDK',
  kind: 'client',
  settings: [
    {
      topic: 'client_headers',
      where: 'where the client is made; beyond 300 s also raise `headersTimeout` of undici',
      snippet: 'const openai = new OpenAI({ timeout: 20 * 60 * 1000 })',
      why: 'It counts until the headers, and no further: a stream that falls silent later never meets it.',
      bites: '10 minutes, and two retries of them.',
      costs: 'With two retries a request that hangs takes an hour to fail.',
      since: '4.0',
      source: 'https://github.com/openai/openai-node#timeouts',
      verified: 'run',
    },
  ],
  without: {
    client_body: 'Its `timeout` ends at the headers: the timers of the body are those of undici.',
    client_deadline: 'It has none for a stream but the signal that it is given.',
    connection: '`maxRetries` asks again, twice by default, and never once the headers are there.',
  },
}
