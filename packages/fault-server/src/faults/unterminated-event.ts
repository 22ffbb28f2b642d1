import { formatLines } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * The last event is whole but for its blank line. WHATWG discards it, as openai 4 to 6 do; openai 7 delivers it.
 *
 *     data: {"id":"chatcmpl-1",…}␊   0␍␊␍␊
 */
export const unterminatedEvent: Injector = {
  name: 'unterminated_event',
  summary: 'A clean end after a whole event that lacks its blank line.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'unterminated_event', cause: ['provider_malformed', 'guess'] },
  play: async (exchange) => {
    const { next } = await sendTwoDeltas(exchange)
    await exchange.write(formatLines(next))
    await exchange.end()
  },
}
