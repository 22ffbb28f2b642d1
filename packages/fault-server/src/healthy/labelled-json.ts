import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** Some gateways label a good event stream as JSON. The SDK never looks. */
export const labelledJson: Injector = {
  name: 'labelled_json',
  summary: 'A good event stream with the content type application/json.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers(200, { 'content-type': 'application/json' })
    await sendEvents(exchange, exchange.events)
    await exchange.end()
  },
}
