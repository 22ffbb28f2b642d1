import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** The chunk with the usage has no choice, and comes after the finish reason. */
export const usage: Injector = {
  name: 'usage',
  summary: 'Asked with include_usage: a chunk without choices brings the usage.',
  api: 'chat',
  client: { includeUsage: true },
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange),
}
