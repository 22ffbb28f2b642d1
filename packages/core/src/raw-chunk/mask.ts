import { maskText } from './mask-text.ts'
import { type ChunkStart, readableRanges } from './readable-ranges.ts'

export type { ChunkStart } from './readable-ranges.ts'

/**
 * Masks a piece of an event stream: keeps what shows where and how it broke, and nothing that the model or its user said.
 *
 * The result has the same length in UTF-16 units, so offsets stay true. Kept are framing, JSON punctuation, names, `true`,
 * `false`, `null`, harmless values (`wire-vocabulary.ts`), error objects and HTML pages; all else is masked as `maskText`
 * says. In a masked number each digit is `0`: `000` is no JSON number, so nobody takes it for a value.
 *
 * @param text - May begin and end anywhere and be broken in any way.
 * @param start - What is known of the place where `text` begins. Where it is `unknown`, an HTML page or a JSON body that
 *   isn't an event stream is masked too, since a model may have written it.
 */
export function maskChunk(text: string, start: ChunkStart = 'unknown'): string {
  let masked = ''
  let done = 0
  for (const [from, to] of readableRanges(text, start)) {
    masked += maskText(text, done, from) + text.slice(from, to)
    done = to
  }
  return masked + maskText(text, done, text.length)
}
