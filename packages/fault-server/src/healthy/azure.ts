import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/**
 * The first chunk has no choice, no id and no model, only what the content filter says of the prompt; then it says something
 * of each piece. It comes by any path here, as from a gateway in front of Azure.
 */
export const azure: Injector = {
  name: 'azure',
  summary: 'A chat answer in the shape of Azure, with the results of its content filter.',
  api: 'chat',
  answer: { azure: true },
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
