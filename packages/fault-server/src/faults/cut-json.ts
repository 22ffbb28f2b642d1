import type { Injector } from '../injector.ts'
import { firstHalf, sendInsteadOfThird } from '../play.ts'

/**
 * The event is whole for SSE; its JSON isn't.
 *
 *     data: {"id":"chatcm␊␊
 */
export const cutJson: Injector = {
  name: 'cut_json',
  summary: 'The JSON of one event is cut, and the event ended as if it were whole.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'malformed_event', cause: ['proxy_split', 'guess'], detail: 'cut_json' },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => `data: ${firstHalf(next.data)}\n\n`),
}
