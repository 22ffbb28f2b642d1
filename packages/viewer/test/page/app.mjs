// An application that reads streams with the openai SDK, a few at a time, and knows nothing of us.
//
//   OPENAI_BASE_URL=… node --import @streamgauge/instrumentation-openai/register app.mjs '[{"model": …}]'
import OpenAI from 'openai'

const STREAMS_AT_ONCE = 4

const openai = new OpenAI({ logLevel: 'off' })
const wanted = JSON.parse(process.argv[2] ?? '[]')

async function readStream({ model, api, client }) {
  const options = {
    maxRetries: client.maxRetries ?? 0,
    ...(client.timeoutMs === undefined ? {} : { timeout: client.timeoutMs }),
    ...(client.signalTimeoutMs === undefined ? {} : { signal: AbortSignal.timeout(client.signalTimeoutMs) }),
  }
  const usage = client.includeUsage === true ? { stream_options: { include_usage: true } } : {}
  const messages = [{ role: 'user', content: 'Tell me about rivers.' }]
  const stream =
    api === 'responses'
      ? await openai.responses.create({ model, input: 'Tell me about rivers.', stream: true }, options)
      : await openai.chat.completions.create({ model, messages, stream: true, ...usage }, options)
  for await (const _ of stream);
}

async function readSome() {
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    // A chat window would show its apology where one fails.
    await readStream(next).catch(() => {})
  }
}

await Promise.all(Array.from({ length: STREAMS_AT_ONCE }, readSome))
