import type { Injector } from '../injector.ts'

/** A gateway kept the connection alive for an upstream that never answered. */
export const onlyComments: Injector = {
  name: 'only_comments',
  summary: 'Keep-alive comments, and no event.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'empty_stream', cause: ['provider_truncation', 'guess'] },
  play: async (exchange) => {
    await exchange.headers()
    for (let sent = 0; sent < 3; sent += 1) {
      await exchange.pace()
      await exchange.write(': keep-alive\n\n')
    }
    await exchange.end()
  },
}
