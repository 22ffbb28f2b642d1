import type { Injector } from '../injector.ts'
import { sendAnswer } from '../play.ts'

/** `data: {…}␍␊␍␊` */
export const crlf: Injector = {
  name: 'crlf',
  summary: 'Lines end in CR LF.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendAnswer(exchange, { lineEnd: '\r\n', space: ' ' }),
}
