import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

const PAUSE_MS = 20

/** Slow is not stalled. */
export const slow: Injector = {
  name: 'slow',
  summary: 'Every event comes 20 ms after the one before.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    for (const event of exchange.events) {
      await exchange.pause(PAUSE_MS)
      await exchange.write(formatEvent(event))
    }
    await exchange.end()
  },
}
