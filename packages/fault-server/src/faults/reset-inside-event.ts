import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendTwoDeltas } from '../play.ts'

/**
 * What a crashed process or an impatient load balancer leaves behind.
 *
 *     data: {"id":"chatcm   RST
 */
export const resetInsideEvent: Injector = {
  name: 'reset_inside_event',
  summary: 'The connection is reset (RST) in the middle of an event.',
  api: 'any',
  // Under HTTP/2 a client that writes when the reset comes may report that the other side closed; see h2_reset_stream.
  http: 1,
  expected: { outcome: 'broken', errorType: 'connection_reset', cause: ['network', 'guess'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(firstHalf(formatEvent(next)))
    await exchange.reset()
  },
}
