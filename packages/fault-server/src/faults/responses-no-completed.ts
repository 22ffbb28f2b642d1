import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** All the text is there, and even `response.output_text.done`; what usage and status were, nobody knows. */
export const responsesNoCompleted: Injector = {
  name: 'responses_no_completed',
  summary: 'A Responses stream that ends cleanly before response.completed.',
  api: 'responses',
  expected: { outcome: 'broken', errorType: 'missing_terminator', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(exchange, exchange.events.slice(0, -1))
    await exchange.end()
  },
}
