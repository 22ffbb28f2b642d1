import type { Injector } from '../injector.ts'
import { sendInsteadOfThird, splitInText } from '../play.ts'

/** 0xff occurs nowhere in UTF-8; `f0 9f 8c` is 🌊 (`f0 9f 8c 8a`) without its last byte. */
const BAD_BYTES = Buffer.from([0xff, 0xf0, 0x9f, 0x8c])

/** Readers replace them by U+FFFD: the text is damaged, the stream goes on. */
export const invalidUtf8: Injector = {
  name: 'invalid_utf8',
  summary: 'Bytes inside a JSON string that are not UTF-8.',
  api: 'any',
  expected: { outcome: 'completed', anomalies: ['invalid_utf8'] },
  play: (exchange) =>
    sendInsteadOfThird(exchange, ({ next }) => {
      const [before, after] = splitInText(next)
      return Buffer.concat([Buffer.from(before), BAD_BYTES, Buffer.from(after)])
    }),
}
