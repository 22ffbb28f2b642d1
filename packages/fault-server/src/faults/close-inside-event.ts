import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendTwoDeltas } from '../play.ts'

/** As `cut_between_events`, and an event is cut too: the transport is to blame, not the sender of the event. */
export const closeInsideEvent: Injector = {
  name: 'close_inside_event',
  summary: 'The connection closes in the middle of an event, before the last HTTP chunk.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'premature_close', cause: ['peer_closed', 'likely'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(firstHalf(formatEvent(next)))
    await exchange.close()
  },
}
