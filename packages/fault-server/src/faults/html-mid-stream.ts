import { BAD_GATEWAY_PAGE } from '../html.ts'
import type { Injector } from '../injector.ts'
import { sendTwoDeltas } from '../play.ts'

/**
 * A proxy lost its upstream after it had sent the head, and appends its error page to the body.
 * WHATWG §9.2.6: a line with an unknown field name is ignored, and `<html>` is one. So there is no malformed event here:
 * the stream just has no terminator.
 */
export const htmlMidStream: Injector = {
  name: 'html_mid_stream',
  summary: 'An HTML error page follows some events, then a clean end.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'missing_terminator', cause: ['proxy_error_page', 'likely'] },
  play: async (exchange) => {
    await sendTwoDeltas(exchange)
    await exchange.write(`${BAD_GATEWAY_PAGE}\r\n`)
    await exchange.end()
  },
}
