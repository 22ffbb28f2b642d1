import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

/** The last event comes again in the same write as `[DONE]`, so that openai 7, which stops there, has read it too. */
export const lateData: Injector = {
  name: 'late_data',
  summary: 'Another event follows the terminator.',
  api: ['chat', 'completions', 'assistants'],
  expected: { outcome: 'completed', anomalies: ['late_data'] },
  play: async (exchange) => {
    const texts = exchange.events.map((event) => formatEvent(event))
    const [finish = '', done = ''] = texts.slice(-2)
    await exchange.headers()
    for (const text of texts.slice(0, -1)) {
      await exchange.pace()
      await exchange.write(text)
    }
    await exchange.write(done + finish)
    await exchange.end()
  },
}
