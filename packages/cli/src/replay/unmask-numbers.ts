const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30
const ONE = 0x31

/**
 * Makes masked numbers into numbers of the same length again, outside of strings: masked, each digit is `0`, and `000` is no
 * JSON, so that a whole event would look like a broken one.
 */
export function unmaskNumbers(bytes: Uint8Array): Uint8Array {
  const unmasked = Uint8Array.from(bytes)
  let isInString = false
  for (let at = 0; at < unmasked.length; at++) {
    const byte = unmasked[at]
    if (isInString && byte === BACKSLASH) at++
    else if (byte === QUOTE) isInString = !isInString
    else if (!isInString && byte === ZERO && unmasked[at + 1] === ZERO && !isPartOfNumber(unmasked[at - 1])) {
      unmasked[at] = ONE
    }
  }
  return unmasked
}

/** A digit, a point or a letter of an exponent: what follows one does not begin a number. */
function isPartOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && /[\d.eE]/.test(String.fromCharCode(byte))
}
