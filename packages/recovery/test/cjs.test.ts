import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { armFaults, MAJORS } from './apps/sdks.ts'

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(() => server.close())

it.each(MAJORS)('works with the CommonJS build of openai %i, and with require()', async (major) => {
  await armFaults(server.url, ['empty_body'])
  const program = `
    const { OpenAI } = require('openai${major}')
    const { recoverStream } = require('@streamgauge/recovery')
    const client = new OpenAI({ apiKey: 'k', baseURL: '${server.baseURL}' })
    const request = { model: 'm', messages: [], stream: true }
    const stream = recoverStream(({ request, options }) => client.chat.completions.create(request, options), { request })
    void (async () => {
      let chunks = 0
      for await (const _ of stream) chunks++
      console.log(chunks > 5, stream.attempts.map(({ code, confidence }) => [code, confidence].join()).join(' '))
    })()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], {
    cwd: join(import.meta.dirname, '..'),
  })
  // The cause of an empty stream is a guess, also where its bytes are seen; an attempt that ended well has none.
  expect(stdout).toBe('true empty_stream,guess ,\n')
})
