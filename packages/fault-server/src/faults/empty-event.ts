import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/**
 * A heartbeat as an event without data, where a comment was meant. WHATWG doesn't dispatch it; every SDK does, and throws.
 *
 *     event: ping␊␊
 */
export const emptyEvent: Injector = {
  name: 'empty_event',
  summary: 'An event with a name and no data, in mid-stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'empty_event', cause: ['provider_malformed', 'guess'] },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => `event: ping\n\n${formatEvent(next)}`),
}
