// An ordinary user of the openai SDK, which knows nothing of Streamgauge: it reads the streams that it is told to, and takes
// every error as it comes.
import OpenAI from 'openai'
import type { Streams } from './run-app.ts'

const { models, answers, atOnce, count } = JSON.parse(process.argv[2] ?? '{}') as Streams
const openai = new OpenAI({ logLevel: 'off', maxRetries: 0 })
const todo = Array.from({ length: count }, (_, index) => ({
  model: models[index % models.length] ?? '',
  answer: answers[Math.floor(index / models.length) % answers.length] ?? '',
  content: `Tell me about river ${index}.`,
}))

async function readStreams(): Promise<void> {
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { model, answer, content } = next
    try {
      const stream = await openai.chat.completions.create(
        {
          model,
          messages: [{ role: 'user', content }],
          stream: true,
          stream_options: { include_usage: true },
        },
        { headers: { 'x-fault': answer } },
      )
      for await (const _ of stream);
    } catch {
      // A chat window would show its apology here.
    }
  }
}

await Promise.all(Array.from({ length: atOnce }, readStreams))
