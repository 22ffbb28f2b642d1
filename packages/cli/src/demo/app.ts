// The application of the demo: an ordinary user of the openai SDK, which knows nothing of Streamgauge. It reads the streams
// it is told to, a few at a time, and takes every error as it comes.
//
//   OPENAI_BASE_URL=… node --import @streamgauge/instrumentation-openai/register app.js '[{"model": …}]'
import OpenAI from 'openai'
import type { Stop } from './tour.ts'

const openai = new OpenAI({ logLevel: 'off' })
const stops = JSON.parse(process.argv[2] ?? '[]') as Stop[]

/** Few enough for the arrival times of each stream to be its own. */
const STREAMS_AT_ONCE = 4

async function readStream({ model, api, client }: Stop): Promise<void> {
  const options = {
    maxRetries: client.maxRetries ?? 0,
    ...(client.timeoutMs === undefined ? {} : { timeout: client.timeoutMs }),
    ...(client.signalTimeoutMs === undefined ? {} : { signal: AbortSignal.timeout(client.signalTimeoutMs) }),
  }
  const usage = client.includeUsage === true ? { stream_options: { include_usage: true } } : {}
  const messages = [{ role: 'user' as const, content: 'Tell me about rivers.' }]
  const stream =
    api === 'responses'
      ? await openai.responses.create({ model, input: 'Tell me about rivers.', stream: true }, options)
      : await openai.chat.completions.create({ model, messages, stream: true, ...usage }, options)
  // A chat window would show each chunk here.
  for await (const _ of stream);
}

/** Reads the next stream of the list; false where none is left. */
async function readNext(): Promise<boolean> {
  const stop = stops.shift()
  if (stop === undefined) return false
  try {
    await readStream(stop)
  } catch {
    // A chat window would show its apology here.
  }
  return true
}

async function readSome(): Promise<void> {
  while (await readNext());
}

// The first one alone pays for the start of the process: the others would look as if the server had kept them waiting.
await readNext()
await Promise.all(Array.from({ length: STREAMS_AT_ONCE }, readSome))
