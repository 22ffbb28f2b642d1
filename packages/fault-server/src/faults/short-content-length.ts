import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf } from '../play.ts'

/**
 * The head promises the whole answer; half of it comes, and FIN. The default fetch of openai 4 (node-fetch 2) never
 * notices the end, so only the client's own signal frees it.
 */
export const shortContentLength: Injector = {
  name: 'short_content_length',
  summary: 'The connection closes before Content-Length bytes have come.',
  api: 'any',
  http: 1,
  client: { signalTimeoutMs: 2000 },
  expected: { outcome: 'broken', errorType: 'premature_close', cause: ['peer_closed', 'likely'] },
  expectedByMajor: { 4: { outcome: 'broken', errorType: 'client_timeout', cause: ['client_timeout', 'certain'] } },
  play: async (exchange) => {
    const body = exchange.events.map((event) => formatEvent(event)).join('')
    await exchange.headers(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
    })
    await exchange.write(firstHalf(body))
    await exchange.close()
  },
}
