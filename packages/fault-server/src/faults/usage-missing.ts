import type { Injector } from '../injector.ts'
import { sendEvents } from '../play.ts'

/** Whoever bills by usage bills nothing for this answer. */
export const usageMissing: Injector = {
  name: 'usage_missing',
  summary: 'Asked with include_usage, and no usage comes.',
  api: 'chat',
  client: { includeUsage: true },
  expected: { outcome: 'completed', anomalies: ['usage_missing'] },
  play: async (exchange) => {
    await exchange.headers()
    await sendEvents(
      exchange,
      exchange.events.filter(({ kind }) => kind !== 'usage'),
    )
    await exchange.end()
  },
}
