import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * Everything is well-formed, and half the answer is missing: the app sees a success.
 *
 *     data: {…"delta":{"content":" river"}…}␊␊   0␍␊␍␊
 */
export const noDone: Injector = {
  name: 'no_done',
  summary: 'A clean end between two events, without a finish reason or a terminator.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'missing_terminator', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.end()
  },
}
