import type { Injector } from '../injector.ts'
import { firstHalf, sendInsteadOfThird } from '../play.ts'

/**
 * A proxy that takes each read for an event ends it with a blank line.
 *
 *     data: {"id":"chatcm␊␊
 *     pl-1","object":…}␊␊
 */
export const splitByBlankLine: Injector = {
  name: 'split_by_blank_line',
  summary: 'A blank line splits an event in the middle of its JSON.',
  api: 'any',
  expected: { outcome: 'broken', errorType: 'malformed_event', cause: ['proxy_split', 'guess'], detail: 'cut_json' },
  play: (exchange) =>
    sendInsteadOfThird(exchange, ({ next }) => {
      const half = firstHalf(next.data)
      return `data: ${half}\n\n${next.data.slice(half.length)}\n\n`
    }),
}
