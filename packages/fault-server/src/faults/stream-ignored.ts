import type { Injector } from '../injector.ts'
import { sendPage } from '../play.ts'

/** The server doesn't know `stream: true`. The SDK finds no event in it, and reports an empty answer. */
export const streamIgnored: Injector = {
  name: 'stream_ignored',
  summary: 'The whole answer as one JSON document in place of the stream.',
  // Speech then is sound, of which the SDK knows nothing: the app has the response.
  api: ['chat', 'completions', 'responses', 'assistants', 'images', 'transcriptions'],
  expected: { outcome: 'broken', errorType: 'not_event_stream', cause: ['wrong_endpoint', 'likely'] },
  play: (exchange) => sendPage(exchange, 200, { 'content-type': exchange.whole.contentType }, exchange.whole.body),
}
