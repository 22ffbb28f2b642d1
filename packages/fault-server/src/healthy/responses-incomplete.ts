import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** `response.incomplete` (here: `max_output_tokens`) is a terminator: the provider said that it stopped, and why. */
export const responsesIncomplete: Injector = {
  name: 'responses_incomplete',
  summary: 'A Responses stream that ends in response.incomplete.',
  api: 'responses',
  answer: { end: 'incomplete' },
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
