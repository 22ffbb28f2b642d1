import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startFaultServer } from '@streamgauge/fault-server'
import OpenAI from 'openai'

const server = await startFaultServer()
after(() => server.close())

await test('an overloaded server is asked again', async () => {
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: 'any', maxRetries: 2 })
  const model = 'fault:retry_after_503'
  const stream = await client.chat.completions.create({ model, messages: [], stream: true })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  assert.notEqual(text, '')
  assert.equal(server.requests, 2)
})
