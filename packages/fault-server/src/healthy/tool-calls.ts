import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** The arguments arrive in pieces that aren't JSON until they are joined. */
export const toolCalls: Injector = {
  name: 'tool_calls',
  summary: 'A tool call, its arguments in pieces.',
  api: ['chat', 'responses', 'assistants'],
  answer: { toolCall: true },
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
