import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/** A gateway retried a write: the app appends a piece of the text twice. */
export const responsesSequenceRepeat: Injector = {
  name: 'responses_sequence_repeat',
  summary: 'One event of a Responses stream comes twice.',
  api: 'responses',
  expected: { outcome: 'completed', anomalies: ['sequence_repeat'] },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => formatEvent(next) + formatEvent(next)),
}
