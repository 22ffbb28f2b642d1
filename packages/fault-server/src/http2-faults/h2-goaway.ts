import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * A server that is replaced says GOAWAY, and is gone before its streams have ended.
 *
 *     DATA data: {"id":"chatcmpl-1",…}␊␊   GOAWAY NO_ERROR   FIN
 */
export const h2Goaway: Injector = {
  name: 'h2_goaway',
  summary: 'GOAWAY between two events, then the connection closes.',
  api: 'any',
  http: 2,
  expected: { outcome: 'broken', errorType: 'premature_close', cause: ['peer_closed', 'likely'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.goAway()
  },
}
