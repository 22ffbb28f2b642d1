import { formatError } from '../http/error-body.ts'
import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

const MESSAGE = 'The model is overloaded.'

const formatFlat = (sequenceNumber: number): string =>
  JSON.stringify({
    type: 'error',
    code: 'server_error',
    message: MESSAGE,
    param: null,
    sequence_number: sequenceNumber,
  })

/**
 * Responses documents the flat shape; openai 5 and 6 hand it to the app as an ordinary event, and end.
 *
 *     event: error␊
 *     data: {"type":"error","code":"server_error",…}␊␊
 */
export const upstreamErrorEvent: Injector = {
  name: 'upstream_error_event',
  summary: 'An event named error, then a clean end.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'upstream_error', cause: ['provider_error', 'likely'] },
  play: async (exchange) => {
    const { rest } = await sendTwoDeltas(exchange)
    const data =
      exchange.request.api === 'responses'
        ? formatFlat(exchange.events.length - rest.length - 1)
        : formatError({ message: MESSAGE, type: 'server_error' })
    await exchange.write(`event: error\ndata: ${data}\n\n`)
    await exchange.end()
  },
}
