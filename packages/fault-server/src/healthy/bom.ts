import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** WHATWG strips one leading BOM; openai 4 doesn't, and loses the first event. */
export const bom: Injector = {
  name: 'bom',
  summary: 'A byte order mark precedes the first event.',
  api: 'any',
  expected: { outcome: 'completed', anomalies: ['bom'] },
  play: async (exchange) => {
    await exchange.headers()
    await exchange.write(Uint8Array.of(0xef, 0xbb, 0xbf))
    await sendEvents(exchange, exchange.events)
    await exchange.end()
  },
}
