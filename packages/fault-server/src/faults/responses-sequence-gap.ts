import type { Injector } from '../injector.ts'
import { sendEvents, sendTwoDeltas } from '../play.ts'

/** An event got lost on the way: a piece of the text is missing, in a stream that completes. */
export const responsesSequenceGap: Injector = {
  name: 'responses_sequence_gap',
  summary: 'One event of a Responses stream is missing, and with it a sequence number.',
  api: 'responses',
  expected: { outcome: 'completed', anomalies: ['sequence_gap'] },
  play: async (exchange) => {
    const { rest } = await sendTwoDeltas(exchange)
    await sendEvents(exchange, rest)
    await exchange.end()
  },
}
