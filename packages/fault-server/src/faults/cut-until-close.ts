import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { firstHalf } from '../play.ts'

/** The end of the connection is the end of the body here, so a cut looks like an end to HTTP. */
export const cutUntilClose: Injector = {
  name: 'cut_until_close',
  summary: 'A body without length or chunks is cut in the middle of an event.',
  api: 'any',
  http: 1,
  expected: { outcome: 'broken', errorType: 'truncated_event', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    await exchange.raw('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n')
    const text = exchange.events.map((event) => formatEvent(event)).join('')
    await exchange.raw(firstHalf(text))
    await exchange.close()
  },
}
