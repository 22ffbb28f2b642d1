import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendTwoDeltas } from '../play.ts'

/**
 * A gateway whose upstream failed. The connection lives on, and with it every other stream.
 *
 *     DATA data: {"id":"chatcm   RST_STREAM INTERNAL_ERROR
 */
export const h2ResetStream: Injector = {
  name: 'h2_reset_stream',
  summary: 'The stream is reset (RST_STREAM, INTERNAL_ERROR) in the middle of an event.',
  api: 'any',
  http: 2,
  expected: { outcome: 'broken', errorType: 'connection_reset', cause: ['network', 'guess'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(firstHalf(formatEvent(next)))
    await exchange.resetStream('INTERNAL_ERROR')
  },
}
