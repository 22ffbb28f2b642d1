import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/**
 * openai 4 to 6 read on after `[DONE]`, and throw although the app has the whole answer; openai 7 stops at `[DONE]` and
 * never sees it. Responses has no `[DONE]` to stop at, so this is about chat.
 */
export const lateReset: Injector = {
  name: 'late_reset',
  summary: 'The connection is reset (RST) after [DONE].',
  api: ['chat', 'completions', 'assistants'],
  expected: { outcome: 'broken', errorType: 'late_transport_error', cause: ['peer_closed', 'likely'] },
  expectedByMajor: { 7: { outcome: 'completed' } },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(exchange, exchange.events)
    await exchange.reset()
  },
}
