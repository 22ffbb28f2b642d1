import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** Providers that run out of tokens inside a tool call report `tool_calls`, not `length`. */
export const cutToolArguments: Injector = {
  name: 'cut_tool_arguments',
  summary: 'The arguments of a tool call are cut JSON, and the answer ends as if whole.',
  api: 'chat',
  answer: { toolCall: true },
  expected: { outcome: 'completed', anomalies: ['incomplete_tool_arguments'] },
  play: async (exchange) => {
    const lastDelta = exchange.events.findLastIndex(({ kind }) => kind === 'delta')
    await exchange.headers()
    await sendEvents(exchange, exchange.events.toSpliced(lastDelta, 1))
    await exchange.end()
  },
}
