import { formatLines } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/**
 * The blank line between two events got lost: they are one event now, of two data lines.
 *
 *     data: {"id":"chatcmpl-1",…}␊
 *     data: {"id":"chatcmpl-1",…}␊␊
 */
export const joinedEvents: Injector = {
  name: 'joined_events',
  summary: 'The blank line between two events is missing.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'malformed_event', cause: ['proxy_split', 'likely'], detail: 'joined' },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => `${formatLines(next)}${formatLines(next)}\n`),
}
