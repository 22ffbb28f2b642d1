import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** Well-formed from first to last; the provider says that it failed. */
export const responsesFailed: Injector = {
  name: 'responses_failed',
  summary: 'A Responses stream that ends in response.failed.',
  api: 'responses',
  answer: { end: 'failed' },
  expected: { outcome: 'broken', errorType: 'upstream_error', cause: ['provider_error', 'likely'] },
  play: (exchange) => sendAnswer(exchange),
}
