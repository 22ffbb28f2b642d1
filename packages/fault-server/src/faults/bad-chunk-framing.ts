import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * Where the size of the next HTTP chunk belongs, in hexadecimal digits, there is something else.
 *
 *     zz␍␊data: …
 */
export const badChunkFraming: Injector = {
  name: 'bad_chunk_framing',
  summary: 'An invalid HTTP chunk size in mid-stream.',
  api: 'any',
  http: 1,
  expected: { outcome: 'broken', errorType: 'protocol_error', cause: ['provider_malformed', 'guess'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.settle()
    await exchange.raw('zz\r\ndata: {}\n\n\r\n')
    await exchange.close()
  },
}
