import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const program = `
  import { listStreams, startReceiver } from '@streamgauge/viewer'
  const receiver = await startReceiver({ port: 0 })
  process.once('uncaughtException', (error) => console.log('uncaught', error.message))
  receiver.store.subscribe(() => { throw new Error('a bug of mine') })
  receiver.store.subscribe((event) => console.log('heard', event.streams))
  const attributes = [{ key: 'streamgauge.stream.outcome', value: { stringValue: 'completed' } }]
  const span = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', attributes }
  const response = await fetch(receiver.url + '/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  })
  console.log(response.status, await response.text(), listStreams(receiver.store).length)
  process.removeAllListeners('uncaughtException').on('uncaughtException', () => {})
  await receiver.close()
`

// In a process of its own, since an uncaught error ends one, or fails a test.
it('a listener that throws is an uncaught error, and changes neither the store nor the answer', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '..'),
  })
  expect(stdout.split('\n').slice(0, 3)).toEqual(['heard 1', 'uncaught a bug of mine', '200 {} 1'])
})
