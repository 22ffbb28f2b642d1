import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendTwoDeltas } from '../play.ts'

/**
 * Who isn't interested any more cancels, and a proxy that lost its upstream may do so towards the client. The HTTP/2 of
 * Node.js, and undici on it, report it as a clean end of the body.
 *
 *     DATA data: {"id":"chatcm   RST_STREAM CANCEL
 */
export const h2CancelStream: Injector = {
  name: 'h2_cancel_stream',
  summary: 'The stream is cancelled (RST_STREAM, CANCEL) in the middle of an event.',
  api: 'any',
  http: 2,
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(firstHalf(formatEvent(next)))
    await exchange.resetStream('CANCEL')
  },
}
