import type { Product, Setting } from '../setting.ts'

const OPTIONS = 'https://undici.nodejs.org/#/docs/api/Client'

const AGENT: Omit<Setting, 'topic' | 'why' | 'bites'> = {
  where: 'where the client is made, of openai 5 or later',
  snippet: `import OpenAI from 'openai'
import { Agent, fetch } from 'undici'

const openai = new OpenAI({
  timeout: 20 * 60 * 1000,
  fetch,
  fetchOptions: {
    dispatcher: new Agent({
      connect: { timeout: 30_000 },
      headersTimeout: 20 * 60 * 1000,
      bodyTimeout: 10 * 60 * 1000,
    }),
  },
})`,
  costs: 'The application depends on undici itself, and a request that hangs takes longer to fail.',
  since: 'openai 5',
  source: OPTIONS,
  verified: 'run',
}

export const undici: Product = {
  id: 'undici',
  name: 'undici (fetch of Node.js)',
  kind: 'client',
  settings: [
    {
      ...AGENT,
      topic: 'client_headers',
      why: '`headersTimeout` counts the wait for the headers, whatever `timeout` of the SDK says.',
      bites: '300 s.',
    },
    {
      ...AGENT,
      topic: 'client_body',
      why: '`bodyTimeout` counts the silence between two reads of the body: a model that reasons is silent for minutes.',
      bites: '300 s without a byte.',
    },
    {
      ...AGENT,
      verified: 'documented',
      topic: 'connection',
      why: '`connect.timeout` counts until the connection and its TLS stand.',
      bites: '10 s.',
    },
  ],
  without: { client_deadline: 'It has no timer for a whole answer.' },
}
