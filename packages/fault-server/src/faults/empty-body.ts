import type { Injector } from '../injector.ts'

/** 200, `text/event-stream`, and `0␍␊␍␊`. */
export const emptyBody: Injector = {
  name: 'empty_body',
  summary: 'An event stream without a single byte.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'empty_stream', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    await exchange.headers()
    await exchange.end()
  },
}
