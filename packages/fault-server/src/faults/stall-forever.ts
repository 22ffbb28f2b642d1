import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * The SDK's `timeout` ends with the headers, so only the app's own signal frees it, as here, or the HTTP client's timer
 * between two reads (undici's `bodyTimeout`, by default 300 s): then it is a `body_timeout`.
 */
export const stallForever: Injector = {
  name: 'stall_forever',
  summary: 'Some events, then nothing more on an open connection.',
  api: 'any',
  client: { signalTimeoutMs: 1000 },
  expected: { outcome: 'broken', errorType: 'client_timeout', cause: ['client_timeout', 'certain'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.hold()
  },
}
