import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** Several providers never send `[DONE]`: an alarm on each of their answers would be worse than none. */
export const finishWithoutDone: Injector = {
  name: 'finish_without_done',
  summary: 'A finish reason, then a clean end without [DONE].',
  api: 'chat',
  expected: { outcome: 'completed', anomalies: ['done_missing'] },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(
      exchange,
      exchange.events.filter(({ kind }) => kind !== 'terminator'),
    )
    await exchange.end()
  },
}
