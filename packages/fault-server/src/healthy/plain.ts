import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** What plain model names get. */
export const plain: Injector = {
  name: 'plain',
  summary: 'One event per write, as OpenAI sends it.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
