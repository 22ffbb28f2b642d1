import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

export const BUFFERED_MS = 3000

/** A proxy held the answer until it was whole (nginx: `proxy_buffering`). */
export const buffered: Injector = {
  name: 'buffered',
  summary: 'Nothing for 3000 ms, then the whole answer in one write.',
  api: 'any',
  answer: { pieces: 24 },
  expected: { outcome: 'completed', anomalies: ['buffered'] },
  play: async (exchange) => {
    await exchange.headers()
    await exchange.pause(BUFFERED_MS)
    await exchange.write(exchange.events.map((event) => formatEvent(event)).join(''))
    await exchange.end()
  },
}
