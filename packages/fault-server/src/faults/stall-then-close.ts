import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

export const STALL_MS = 4500

/** What an idle timeout of a proxy looks like from here (theirs is often 60 s). */
export const stallThenClose: Injector = {
  name: 'stall_then_close',
  summary: 'Nothing for 4500 ms in mid-stream, then the connection closes.',
  api: 'any',
  client: { stallThresholdMs: 3800 },
  expected: {
    outcome: 'broken',
    errorType: 'premature_close',
    cause: ['peer_closed', 'likely'],
    anomalies: ['stalled'],
  },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.pause(STALL_MS)
    await exchange.close()
  },
}
