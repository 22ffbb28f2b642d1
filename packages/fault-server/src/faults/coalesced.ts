import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

export const BURST_EVENTS = 10
export const PAUSE_MS = 250

/** A compressing or filtering hop collects some events and passes them on together: the text comes in jerks. */
export const coalesced: Injector = {
  name: 'coalesced',
  summary: 'Ten events in one write, every 250 ms.',
  api: 'any',
  answer: { pieces: 40 },
  expected: { outcome: 'completed', anomalies: ['coalesced'] },
  play: async (exchange) => {
    const texts = exchange.events.map((event) => formatEvent(event))
    await exchange.headers()
    for (let start = 0; start < texts.length; start += BURST_EVENTS) {
      await exchange.pause(PAUSE_MS)
      await exchange.write(texts.slice(start, start + BURST_EVENTS).join(''))
    }
    await exchange.end()
  },
}
