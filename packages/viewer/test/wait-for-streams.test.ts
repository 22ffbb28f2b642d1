import { expect, it } from '@jest/globals'

import { openStore, waitForStreams } from '../src/index.ts'
import { span, streamSpan } from './records.ts'

it('waits until so many streams have arrived and returns them', async () => {
  const store = openStore()
  const waiting = waitForStreams(store, 2)
  let arrived = false
  const watched = waiting.then(() => (arrived = true))
  store.ingest({ signal: 'traces', records: [streamSpan(1), streamSpan(1), span(9)] })
  await Promise.resolve()
  expect(arrived).toBe(false)
  store.ingest({ signal: 'traces', records: [streamSpan(2)] })
  await watched
  expect((await waiting).map((stream) => stream.startMs)).toEqual([1, 2])
  store.close()
})

it('streams that are there already count, and the newest are returned', async () => {
  const store = openStore()
  store.ingest({ signal: 'traces', records: [streamSpan(1), streamSpan(2), streamSpan(3)] })
  expect((await waitForStreams(store, 2)).map((stream) => stream.startMs)).toEqual([2, 3])
  store.close()
})

it('an abort rejects with its reason, before the wait and during it', async () => {
  const store = openStore()
  const reason = new Error('enough')
  await expect(waitForStreams(store, 1, AbortSignal.abort(reason))).rejects.toBe(reason)
  const controller = new AbortController()
  const waiting = waitForStreams(store, 1, controller.signal)
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  store.close()
})

it('a store that closes rejects the wait with store_closed', async () => {
  const store = openStore()
  const waiting = waitForStreams(store, 1)
  store.close()
  await expect(waiting).rejects.toMatchObject({ code: 'store_closed' })
  await expect(waitForStreams(store, 1)).rejects.toMatchObject({ code: 'store_closed' })
})

it('more streams than the store keeps are a RangeError, since they never come', async () => {
  const store = openStore({ maxStreams: 10 })
  await expect(waitForStreams(store, 11)).rejects.toThrow(RangeError)
  await expect(waitForStreams(store, 0)).rejects.toThrow(RangeError)
  store.close()
})
