import { DEFLATE, sendCompressed } from '../content-coding.ts'
import type { Injector } from '../injector.ts'

/** In zlib's format, as HTTP wants it; some servers send the bare deflate data, which readers have learnt to take. */
export const deflate: Injector = {
  name: 'deflate',
  summary: 'The body is compressed with deflate in the format of zlib, event by event.',
  api: 'any',
  expected: { outcome: 'completed' },
  play: (exchange) => sendCompressed(exchange, DEFLATE),
}
