import type { Injector } from '../injector.ts'
import { sendBytewise } from './send-bytewise.ts'

/** As `bytewise`, where events also have an `event:` line. */
export const responsesBytewise: Injector = {
  name: 'responses_bytewise',
  summary: 'A Responses stream, one byte per write.',
  api: 'responses',
  answer: { text: 'unicode' },
  expected: { outcome: 'completed' },
  play: sendBytewise,
}
