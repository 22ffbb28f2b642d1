import type { Injector } from '../injector.ts'
import { formatEvent, type StreamEvent } from '../answer/stream-event.ts'

/** Breaks the line at the first comma, which lies between two tokens of the JSON, where a newline is white space. */
const splitData = (event: StreamEvent): string => formatEvent(event).replace(',', ',\ndata: ')

/**
 * One event over two lines, which a reader joins by a newline.
 *
 *     data: {"id":"chatcmpl-1",␊
 *     data: "object":"chat.completion.chunk",…}␊␊
 */
export const multiData: Injector = {
  name: 'multi_data',
  summary: 'The JSON of each event stands on two data lines.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    await exchange.headers()
    for (const event of exchange.events) {
      await exchange.pace()
      await exchange.write(splitData(event))
    }
    await exchange.end()
  },
}
