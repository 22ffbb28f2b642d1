import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from '@jest/globals'
import { recoverStream } from '../src/index.ts'
import { play, request, until, WHOLE } from './play.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('a stream that the app has dropped without an end leaves nothing at a signal that lives on', async () => {
  const { signal } = new AbortController()
  const drop = async (): Promise<void> => {
    await play([WHOLE], { signal }).stream.next()
  }
  for (let stream = 0; stream < 20; stream++) await drop()
  await until(() => {
    collectGarbage()
    return getEventListeners(signal, 'abort').length === 0
  })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('a stream that is waited for is kept, also where nothing else keeps it', async () => {
  const controller = new AbortController()
  const stall = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<object>>(() => {}) }) }
  const next = recoverStream(() => stall, { request, signal: controller.signal }).next()
  for (let turn = 0; turn < 20; turn++) {
    await new Promise(setImmediate)
    collectGarbage()
  }
  controller.abort(new Error('enough'))
  await expect(next).rejects.toThrow(new Error('enough'))
})
