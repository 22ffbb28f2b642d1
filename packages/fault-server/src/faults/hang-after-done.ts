import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/**
 * openai 4 to 6 read on to the end of the body, and hang with the whole answer in hand; openai 7 stops at `[DONE]`, and
 * hangs too where there is none, as in Responses. A stream whose terminator came is complete, whoever then gives up.
 */
export const hangAfterDone: Injector = {
  name: 'hang_after_done',
  summary: 'The whole answer, and the connection stays open.',
  api: 'any',
  client: { signalTimeoutMs: 2000 },
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(exchange, exchange.events)
    await exchange.hold()
  },
}
