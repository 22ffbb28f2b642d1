import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

/** A short answer may well fit one packet. */
export const oneWrite: Injector = {
  name: 'one_write',
  summary: 'The whole answer in one write.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    await exchange.write(exchange.events.map((event) => formatEvent(event)).join(''))
    await exchange.end()
  },
}
