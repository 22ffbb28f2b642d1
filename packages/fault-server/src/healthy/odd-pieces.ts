import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'

/** A prime, so that the borders of pieces drift through the events. */
const PIECE_BYTES = 97

/** Borders of events and of reads have nothing to do with each other. */
export const oddPieces: Injector = {
  name: 'odd_pieces',
  summary: 'Writes of 97 bytes, whatever the events are.',
  api: 'any',
  answer: { text: 'unicode' },
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    const bytes = Buffer.from(exchange.events.map((event) => formatEvent(event)).join(''))
    await exchange.headers()
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      await exchange.pace()
      await exchange.write(bytes.subarray(start, start + PIECE_BYTES))
    }
    await exchange.end()
  },
}
