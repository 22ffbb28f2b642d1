import { formatEvent, type StreamEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendEvents, sendTwoDeltas } from '../play.ts'

const readNumber = ({ data }: StreamEvent): number =>
  (JSON.parse(data) as { readonly sequence_number: number }).sequence_number

/** The same event one number later. */
const shift = (event: StreamEvent): StreamEvent => {
  const fields = JSON.parse(event.data) as object
  return { ...event, data: JSON.stringify({ ...fields, sequence_number: readNumber(event) + 1 }) }
}

/**
 * OpenAI sends it while a model thinks, and doesn't document it. It has a sequence number as every other event, so whoever
 * skips it finds a gap.
 *
 *     event: keepalive␊
 *     data: {"type":"keepalive","sequence_number":6}␊␊
 */
export const keepaliveEvent: Injector = {
  name: 'keepalive_event',
  summary: 'An event keepalive in mid-stream, which takes a sequence number.',
  api: 'responses',
  expected: { outcome: 'completed' },
  play: async (exchange) => {
    const { next, rest } = await sendTwoDeltas(exchange)
    const data = JSON.stringify({ type: 'keepalive', sequence_number: readNumber(next) })
    await exchange.write(formatEvent({ name: 'keepalive', data }))
    await sendEvents(exchange, [next, ...rest].map(shift))
    await exchange.end()
  },
}
