import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/**
 * A gateway glued two payloads.
 *
 *     data: {"id":"chatcmpl-1",…}{"id":"chatcmpl-1",…}␊␊
 */
export const twoObjects: Injector = {
  name: 'two_objects',
  summary: 'Two JSON objects on one data line.',
  api: 'any',
  expected: {
    outcome: 'broken',
    errorType: 'malformed_event',
    cause: ['proxy_split', 'likely'],
    detail: 'second_event_inside',
  },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => `data: ${next.data}${next.data}\n\n`),
}
