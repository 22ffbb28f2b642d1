import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** `response.created` to `response.completed`; Responses has no `[DONE]`. */
export const responses: Injector = {
  name: 'responses',
  summary: 'A Responses stream from response.created to response.completed.',
  api: 'responses',
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
