import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** `data:{…}` */
export const noSpace: Injector = {
  name: 'no_space',
  summary: 'No space after the colon.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange, { lineEnd: '\n', space: '' }),
}
