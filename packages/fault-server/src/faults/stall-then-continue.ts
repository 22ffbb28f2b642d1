import { formatEvent } from '../answer/stream-event.ts'
import type { Injector } from '../injector.ts'
import { sendEvents, sendTwoDeltas } from '../play.ts'

export const STALL_MS = 4500

/** Reasoning models are silent for minutes and then answer: a stall is worth a note, and no fault. */
export const stallThenContinue: Injector = {
  name: 'stall_then_continue',
  summary: 'Nothing for 4500 ms in mid-stream, then the rest.',
  api: 'any',
  client: { stallThresholdMs: 3800 },
  expected: { outcome: 'completed', anomalies: ['stalled'] },
  play: async (exchange) => {
    const { next, rest } = await sendTwoDeltas(exchange)
    await exchange.pause(STALL_MS)
    await exchange.write(formatEvent(next))
    await sendEvents(exchange, rest)
    await exchange.end()
  },
}
