import type { Injector } from '../injector.ts'

/** The order of fields within an event is free. */
export const dataBeforeEvent: Injector = {
  name: 'data_before_event',
  summary: 'The event line follows the data line.',
  api: ['responses', 'assistants', 'images'],
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    for (const { name, data } of exchange.events) {
      await exchange.pace()
      await exchange.write(`data: ${data}\nevent: ${name}\n\n`)
    }
    await exchange.end()
  },
}
