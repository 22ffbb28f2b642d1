import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendAnswer, sendPage } from '../play.ts'

/**
 * The SDK waits as long as it is told to and asks again: the app gets its answer, later. Which attempt it is the SDK says in
 * a header.
 */
export const retryAfter503: Injector = {
  name: 'retry_after_503',
  summary: 'Status 503 with retry-after at first; the whole answer where the SDK asks again.',
  api: 'any',
  alsoUnstreamed: true,
  client: { maxRetries: 1 },
  expected: { outcome: 'completed' },
  play: (exchange) =>
    exchange.attempt > 0
      ? sendAnswer(exchange)
      : sendPage(
          exchange,
          503,
          { 'content-type': 'application/json', 'retry-after': '1', 'retry-after-ms': '10' },
          formatError({ message: 'The engine is currently overloaded.', type: 'server_error' }),
        ),
}
