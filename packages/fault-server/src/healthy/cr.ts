import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** `data: {…}␍␍` is legal, and rare. */
export const cr: Injector = {
  name: 'cr',
  summary: 'Lines end in CR alone.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange, { lineEnd: '\r', space: ' ' }),
}
