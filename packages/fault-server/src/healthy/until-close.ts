import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

/** Without a length and without chunks the end of the connection is the end of the body: HTTP/1.0 proxies do it. */
export const untilClose: Injector = {
  name: 'until_close',
  summary: 'A body that ends with the connection, as HTTP/1.0 proxies send it.',
  api: 'any',
  http: 1,
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.raw('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n')
    for (const event of exchange.events) {
      await exchange.pace()
      await exchange.raw(formatEvent(event))
    }
    await exchange.close()
  },
}
