import { formatEvent, formatLines } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

/**
 * Comments stand before, between and inside events.
 *
 *     : keep-alive␊␊
 *     data: {…}␊: keep-alive␊␊
 */
export const comments: Injector = {
  name: 'comments',
  summary: 'Keep-alive comments between events, and inside one.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    for (const [index, event] of exchange.events.entries()) {
      await exchange.pace()
      await exchange.write(': keep-alive\n\n')
      await exchange.write(index === 1 ? `${formatLines(event)}: keep-alive\n\n` : formatEvent(event))
    }
    await exchange.end()
  },
}
