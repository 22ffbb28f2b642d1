import { expect, test } from '@jest/globals'
import { faultFetch } from '@streamgauge/fault-server'
import OpenAI from 'openai'

/** What an application does: it shows what comes, and says when that isn't all. */
const read = async (client, model) => {
  let text = ''
  try {
    const stream = await client.chat.completions.create({ model, messages: [], stream: true })
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    return { text, isWhole: true }
  } catch (error) {
    return { text, isWhole: false, code: error.cause?.code }
  }
}

const client = new OpenAI({ fetch: faultFetch(), apiKey: 'any', maxRetries: 0 })

test('a whole answer is whole', async () => {
  expect(await read(client, 'healthy:bytewise')).toMatchObject({ isWhole: true })
})

test('half an answer is not taken for a whole one', async () => {
  const { text, isWhole, code } = await read(client, 'fault:reset_inside_event')
  expect({ isWhole, code }).toEqual({ isWhole: false, code: 'ECONNRESET' })
  expect(text).not.toBe('')
})
