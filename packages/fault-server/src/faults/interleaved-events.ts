import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf, sendInsteadOfThird } from '../play.ts'

/**
 * Two writers share a connection without a lock.
 *
 *     data: {"id":"chatcmdata: {"id":"chatcmpl-1",…}␊␊
 */
export const interleavedEvents: Injector = {
  name: 'interleaved_events',
  summary: 'A second event begins inside the data line of the first.',
  api: ['chat', 'completions', 'transcriptions', 'speech'],
  expected: {
    outcome: 'broken',
    errorType: 'malformed_event',
    cause: ['proxy_split', 'likely'],
    detail: 'second_event_inside',
  },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => `data: ${firstHalf(next.data)}${formatEvent(next)}`),
}
