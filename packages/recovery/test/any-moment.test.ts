import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { RecoverOptions, StreamBrokenError } from '../src/index.ts'
import { FakeClock } from './fake-clock.ts'
import { HALF, play, REFUSED, type request, WHOLE } from './play.ts'
import { chatEvent, type Script } from './scripted-fetch.ts'

const STALLED: Script = { pieces: [chatEvent({ content: 'half ' })], after: 'stall' }
const SILENT: Script = { silent: true }

const unhandled: unknown[] = []
const keep = (error: unknown): void => void unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', keep))
afterAll(() => void process.off('unhandledRejection', keep))

const turn = (): Promise<void> => new Promise(setImmediate)

/** What an app may do to a stream while it reads it, after so many turns of the event loop. */
const act = fc.constantFrom('abort', 'timeout', 'return', 'throw')

const scripts = fc.array(fc.constantFrom(HALF, WHOLE, REFUSED, STALLED, SILENT, { status: 429 }), {
  minLength: 1,
  maxLength: 4,
})

const policies = fc.constantFrom('throw', 'restart', 'continue')

it('an app that leaves or aborts at any moment gets what it did, and nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, policies, act, fc.nat({ max: 40 }), async (played, afterDelivery, how, turns) => {
      const controller = new AbortController()
      const { signal } = controller
      const clock = new FakeClock()
      const options: RecoverOptions<typeof request> = { signal, afterDelivery, clock }
      const { stream, seen } = play(played, options)
      const reading = (async () => {
        for await (const _ of stream);
      })().then(
        () => undefined,
        (error: unknown) => error as StreamBrokenError,
      )
      for (let at = 0; at < turns; at++) await turn()
      const mine = new Error('mine')
      const done = {
        abort: () => controller.abort(mine),
        timeout: () => controller.abort(new DOMException('', 'TimeoutError')),
      }
      if (how === 'return') await stream.return()
      else if (how === 'throw') await stream.throw(mine).catch(() => {})
      else done[how as 'abort']()
      const error = await reading
      for (let at = 0; at < 5; at++) await turn()

      const isOurs = error === undefined || error === mine || error.name === 'StreamBrokenError'
      expect(isOurs).toBe(true)
      expect(getEventListeners(signal, 'abort')).toEqual([])
      expect(clock.pending).toBe(0)
      expect(stream.attempts).toHaveLength(seen.length)
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    }),
    { numRuns: 300 },
  )
  expect(unhandled).toEqual([])
}, 60_000)
