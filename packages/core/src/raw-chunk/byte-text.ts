import { type ChunkStart, maskChunk } from './mask.ts'

/** Stands for a byte above 0x7f while text is masked: a letter, so that it is masked where letters are. */
const STAND_IN = 'ÿ'
const STAND_IN_CODE = 0xff
const MASKED_LETTER = 0x78
/** Never a byte of UTF-8: it stands where a byte is masked that wasn't UTF-8 either. */
const NOT_UTF8 = 0xff
const BATCH = 8_192

/** Bytes as a string with one byte in each character, code 0 to 255. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += BATCH) text += String.fromCharCode(...bytes.subarray(at, at + BATCH))
  return text
}

/**
 * Masks bytes that aren't UTF-8, byte for byte. What `maskChunk` would mask becomes `x` and `0`, also each byte of a
 * character that takes several; a byte that isn't UTF-8 becomes 0xff, but for the first one, which stays as evidence.
 *
 * @returns The masked bytes as a string with one byte in each character.
 */
export function maskBytes(bytes: Uint8Array, start: ChunkStart): string {
  const masked = maskChunk(withStandIns(bytes), start)
  const result = new Uint8Array(bytes.length)
  let hasEvidence = false
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLengthAt(bytes, at)
    const end = at + Math.max(length, 1)
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      const isEvidence: boolean = length === 0 && !hasEvidence
      result[at] = isEvidence ? byte : maskedByte(byte, masked.charCodeAt(at), length === 0)
      hasEvidence ||= isEvidence
    }
  }
  return textOfBytes(result)
}

function withStandIns(bytes: Uint8Array): string {
  return textOfBytes(bytes).replace(/[\u0080-\u00ff]/g, STAND_IN)
}

function maskedByte(byte: number, masked: number, isInvalid: boolean): number {
  if (byte < 0x80) return masked
  if (masked === STAND_IN_CODE) return byte
  return isInvalid ? NOT_UTF8 : MASKED_LETTER
}

/** How many bytes the UTF-8 character at a place takes; 0 when none stands there, whole and valid. */
function sequenceLengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  const second = bytes[at + 1] ?? 0
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let index = at + 2; index < at + length; index++) {
    if (((bytes[index] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}
