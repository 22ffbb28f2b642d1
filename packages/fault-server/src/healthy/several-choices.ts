import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** The answer is complete when every choice is, not when the first is. */
export const severalChoices: Injector = {
  name: 'several_choices',
  summary: 'Three choices, their chunks interleaved.',
  api: 'chat',
  answer: { choices: 3 },
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
