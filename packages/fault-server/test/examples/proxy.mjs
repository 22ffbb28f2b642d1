import { startFaultProxy, startFaultServer } from '@streamgauge/fault-server'
import OpenAI from 'openai'

// Stands in for https://api.openai.com/v1 here.
const upstream = await startFaultServer()
const proxy = await startFaultProxy({
  upstream: upstream.baseURL,
  seed: 1,
  schedule: [
    { fault: 'http_429', nth: 2 },
    { fault: 'reset_inside_event', rate: 1 / 5, path: /chat/ },
    { fault: 'cut_json', every: 4, afterEvents: [2, 5] },
  ],
})
const client = new OpenAI({ baseURL: proxy.baseURL, apiKey: 'any', maxRetries: 0 })
for (let count = 0; count < 8; count += 1) {
  try {
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true })
    for await (const _ of stream);
  } catch {
    // The log says what it was.
  }
}
for (const { number, state, fault = '-', struckAfterBytes = '-' } of proxy.log) {
  console.log(number, state, fault, struckAfterBytes)
}
await proxy.close()
await upstream.close()
