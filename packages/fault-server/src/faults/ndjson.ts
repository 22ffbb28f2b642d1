import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** Another streaming format. */
export const ndjson: Injector = {
  name: 'ndjson',
  summary: 'One JSON document per line (NDJSON) in place of the event stream.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'not_event_stream', cause: ['wrong_endpoint', 'likely'] },
  play: (exchange) =>
    sendPage(
      exchange,
      200,
      { 'content-type': 'application/x-ndjson' },
      exchange.events
        .filter(({ data }) => data !== '[DONE]')
        .map(({ data }) => `${data}\n`)
        .join(''),
    ),
}
