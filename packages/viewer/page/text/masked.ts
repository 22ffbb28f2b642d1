/** A piece of a chunk's text: masked, or as it was on the wire. */
export interface MaskedPiece {
  readonly text: string
  readonly isMasked: boolean
}

/**
 * What masking leaves of a string of the model: nothing but `x`, `0` and signs between them. A piece needs three in a row to
 * count as one, since a real text may have an `x` or a `0` of its own.
 */
const MASKED = /[x0](?:[x0]|[^\w"\\]{1,3}(?=[x0])){2,}/g

/** Tells the masked parts of a text apart from the rest. */
export function maskedPieces(text: string): readonly MaskedPiece[] {
  const pieces: MaskedPiece[] = []
  let end = 0
  for (const { 0: masked, index } of text.matchAll(MASKED)) {
    // Within a word, such as `0x000`, or a figure, such as 1000, nothing is masked.
    if (/\w/.test(text[index - 1] ?? ' ') || /\w/.test(text[index + masked.length] ?? ' ')) continue
    if (index > end) pieces.push({ text: text.slice(end, index), isMasked: false })
    pieces.push({ text: masked, isMasked: true })
    end = index + masked.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isMasked: false })
  return pieces
}
