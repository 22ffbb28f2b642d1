import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** As `late_reset`, by FIN. */
export const lateClose: Injector = {
  name: 'late_close',
  summary: 'The connection closes after [DONE], before the last HTTP chunk.',
  api: ['chat', 'completions', 'assistants'],
  expected: { outcome: 'broken', errorType: 'late_transport_error', cause: ['peer_closed', 'likely'] },
  expectedByMajor: { 7: { outcome: 'completed' } },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(exchange, exchange.events)
    await exchange.close()
  },
}
