import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * The status line is long gone, so the error comes as an event.
 *
 *     data: {"error":{"message":…}}␊␊
 */
export const upstreamError: Injector = {
  name: 'upstream_error',
  summary: 'An error object in an event, then a clean end.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'upstream_error', cause: ['provider_error', 'likely'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.write(
      `data: ${formatError({ message: 'The server had an error while processing your request.', type: 'server_error' })}\n\n`,
    )
    await exchange.end()
  },
}
