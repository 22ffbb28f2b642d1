import type { Injector } from '../injector.ts'
import { sendInsteadOfThird } from '../play.ts'

/** The words of Envoy, wrapped as an event by the next hop. */
export const notJson: Injector = {
  name: 'not_json',
  summary: 'An event whose data is plain text.',
  api: 'any',
  expected: {
    outcome: 'broken',
    errorType: 'malformed_event',
    cause: ['provider_malformed', 'guess'],
    detail: 'not_json',
  },
  play: (exchange) =>
    sendInsteadOfThird(exchange, () => 'data: upstream connect error or disconnect/reset before headers\n\n'),
}
