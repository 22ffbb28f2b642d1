import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

const COMMENTS = 3
const PAUSE_MS = 50

/**
 * OpenRouter keeps the connection alive while the provider behind it is still thinking.
 *
 *     : OPENROUTER PROCESSING␊␊
 */
export const keepalive: Injector = {
  name: 'keepalive',
  summary: 'Comments keep the connection alive until the first event comes.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    for (let sent = 0; sent < COMMENTS; sent += 1) {
      await exchange.write(': OPENROUTER PROCESSING\n\n')
      await exchange.pause(PAUSE_MS)
    }
    await sendEvents(exchange, exchange.events)
    await exchange.end()
  },
}
