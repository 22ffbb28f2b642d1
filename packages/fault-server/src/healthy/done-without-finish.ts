import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** Several gateways never send a finish reason; `[DONE]` is word enough. */
export const doneWithoutFinish: Injector = {
  name: 'done_without_finish',
  summary: '[DONE], and never a finish reason.',
  api: 'chat',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(
      exchange,
      exchange.events.filter(({ kind }) => kind !== 'finish'),
    )
    await exchange.end()
  },
}
