import { inspect } from 'node:util'
import { expect, it } from '@jest/globals'
import { HALF, play, readText } from './play.ts'
import { chatEvent } from './scripted-fetch.ts'

it('a log of the error has neither the answer nor the chunk that broke, which the app may still look at', async () => {
  const pieces = [chatEvent({ content: 'a secret ' }), 'data: {"a secret chunk\n\n']
  const { error } = await readText(play([{ pieces }]).stream)
  expect(error?.partial.text).toBe('a secret ')
  expect(Buffer.from(error?.report?.fault?.chunk?.bytes ?? []).toString()).toContain('a secret chunk')
  // Loggers take the one or the other, or all that can be enumerated.
  for (const log of [inspect(error, { depth: 9 }), JSON.stringify(error), inspect({ ...error }, { depth: 9 })]) {
    expect(log).toContain('malformed_event')
    expect(log).not.toContain('secret')
    expect(log).not.toContain('bytes')
  }
})

it('a log of the error tells of the attempts', async () => {
  const { error } = await readText(play([HALF]).stream)
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    code: 'connection_reset',
    reason: 'policy',
    attempts: [{ action: 'start', code: 'connection_reset' }],
    remedy: expect.any(String),
  })
})
