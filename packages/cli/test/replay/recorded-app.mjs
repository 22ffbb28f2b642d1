// Reads streams as an application does, one after the other, and takes every error as it comes.
//
//   OPENAI_BASE_URL=… node --import @streamgauge/instrumentation-openai/register recorded-app.mjs '[["a.sse", "chat"]]'
import OpenAI from 'openai'

/** Where each API is asked. */
const PATHS = {
  chat: '/chat/completions',
  completions: '/completions',
  responses: '/responses',
  assistants: '/threads/thread_1/runs',
  transcriptions: '/audio/transcriptions',
}

const openai = new OpenAI({ logLevel: 'off', maxRetries: 0 })
for (const [file, api] of JSON.parse(process.argv[2] ?? '[]')) {
  try {
    const body = { model: file, stream: true }
    for await (const _ of await openai.post(PATHS[api], { body, stream: true }));
  } catch {
    // What is told of it is what matters.
  }
}
