import type { Injector } from '../injector.ts'
import { sendInsteadOfThird, splitInText } from '../play.ts'

/**
 * Somebody built JSON by hand and didn't escape a newline. The second line has no `data:`, so a reader drops it.
 *
 *     data: {"id":"chatcmpl-1",…"delta":{"content":" ␊
 *     river"},…}␊␊
 */
export const rawNewline: Injector = {
  name: 'raw_newline',
  summary: 'An unescaped newline inside a JSON string.',
  api: 'any',
  expected: {
    outcome: 'broken',
    errorType: 'malformed_event',
    cause: ['provider_malformed', 'likely'],
    detail: 'raw_newline',
  },
  play: (exchange) => sendInsteadOfThird(exchange, ({ next }) => splitInText(next).join('\n')),
}
