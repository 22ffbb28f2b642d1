import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * SSE is content: the last event is whole. HTTP isn't: the last chunk `0␍␊␍␊` never comes.
 *
 *     data: {"id":"chatcmpl-1",…}␊␊   FIN
 */
export const cutBetweenEvents: Injector = {
  name: 'cut_between_events',
  summary: 'The connection closes between two events, before the last HTTP chunk.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'premature_close', cause: ['peer_closed', 'likely'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.close()
  },
}
