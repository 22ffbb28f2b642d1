import type { Injector } from '../injector.ts'
import { sendBytewise } from './send-bytewise.ts'

/** Every character of several bytes, and every line end, is split. */
export const bytewise: Injector = {
  name: 'bytewise',
  summary: 'One byte per write, with emoji and CJK in the text.',
  api: 'any',
  answer: { text: 'unicode' },
  expected: { outcome: 'completed' },
  play: sendBytewise,
}
