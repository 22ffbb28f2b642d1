import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Store } from '../store/store.ts'

import { Problem } from './problem.ts'

/** Pages that may listen at once: each takes one of the receiver's connections. */
export const MAX_LISTENERS = 32

/** What may wait for a page that does not read, in bytes. Beyond it the page is told nothing more until it does. */
const MAX_WAITING_BYTES = 65_536

/** Server-sent events on streams that arrived. */
export interface Live {
  /** @throws Problem 503 where too many listen */
  listen(request: IncomingMessage, response: ServerResponse): void
}

export function createLive(store: Store): Live {
  let listeners = 0
  return {
    listen(request, response) {
      if (listeners >= MAX_LISTENERS) {
        throw new Problem(503, `${MAX_LISTENERS} pages listen already: close one of them.`, { 'retry-after': '30' })
      }
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      // Headers go out with the first byte of the body.
      response.write('retry: 2000\n\n')
      if (request.method === 'HEAD') {
        response.end()
        return
      }
      listeners += 1
      const unsubscribe = store.subscribe((event) => {
        if (event.type === 'closed') response.end()
        else if (response.writableLength < MAX_WAITING_BYTES && event.records > 0) {
          const data = JSON.stringify({ signal: event.signal, streams: event.streams })
          response.write(`event: ingest\ndata: ${data}\n\n`)
        }
      })
      response.once('close', () => {
        listeners -= 1
        unsubscribe()
      })
    },
  }
}
