import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendTwoDeltas } from '../play.ts'

/**
 * The last HTTP chunk comes, so HTTP is content; the SSE event isn't whole.
 *
 *     data: {"id":"chatcmpl-1",…}␊␊
 *     data: {"id":"chatcm            0␍␊␍␊
 */
export const cutInsideEvent: Injector = {
  name: 'cut_inside_event',
  summary: 'The body ends cleanly in the middle of an event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(firstHalf(formatEvent(next)))
    await exchange.end()
  },
}
