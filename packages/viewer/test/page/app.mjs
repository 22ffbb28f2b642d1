// An application that reads streams with the openai SDK and knows nothing of us.
//
//   OPENAI_BASE_URL=… node --import @streamgauge/instrumentation-openai/register app.mjs MODEL…
import OpenAI from 'openai'

const openai = new OpenAI({ logLevel: 'off', maxRetries: 0 })
for (const model of process.argv.slice(2)) {
  try {
    const messages = [{ role: 'user', content: 'Tell me about rivers.' }]
    const stream = await openai.chat.completions.create({ model, messages, stream: true })
    for await (const chunk of stream) chunk.choices.at(0)
  } catch {
    // A chat window would show its apology here.
  }
}
