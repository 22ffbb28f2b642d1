/** How far a JSON number has been read; named after what was read last. */
export type NumberState = 'minus' | 'zero' | 'integer' | 'point' | 'fraction' | 'e' | 'sign' | 'exponent'

type NumberCharacter = 'zero' | 'digit' | 'point' | 'e' | 'minus' | 'plus'

// RFC 8259 section 6: number = [ minus ] int [ frac ] [ exp ]; int = zero / ( digit1-9 *DIGIT )
const TRANSITIONS: Readonly<Record<NumberState, Readonly<Partial<Record<NumberCharacter, NumberState>>>>> = {
  minus: { zero: 'zero', digit: 'integer' },
  zero: { point: 'point', e: 'e' },
  integer: { zero: 'integer', digit: 'integer', point: 'point', e: 'e' },
  point: { zero: 'fraction', digit: 'fraction' },
  fraction: { zero: 'fraction', digit: 'fraction', e: 'e' },
  e: { zero: 'exponent', digit: 'exponent', minus: 'sign', plus: 'sign' },
  sign: { zero: 'exponent', digit: 'exponent' },
  exponent: { zero: 'exponent', digit: 'exponent' },
}

function characterOf(code: number): NumberCharacter | undefined {
  if (code === 0x30) return 'zero'
  if (code > 0x30 && code <= 0x39) return 'digit'
  if (code === 0x2e) return 'point'
  if (code === 0x65 || code === 0x45) return 'e'
  if (code === 0x2d) return 'minus'
  return code === 0x2b ? 'plus' : undefined
}

/** The state after a number's first character; undefined when no JSON number begins with it. */
export function beginNumber(code: number): NumberState | undefined {
  const character = characterOf(code)
  if (character === 'zero') return 'zero'
  if (character === 'digit') return 'integer'
  return character === 'minus' ? 'minus' : undefined
}

/** The state after one more character; undefined when that character doesn't continue the number. */
export function continueNumber(state: NumberState, code: number): NumberState | undefined {
  const character = characterOf(code)
  return character === undefined ? undefined : TRANSITIONS[state][character]
}

/** True when the number may end here: `1` and `1.5` may, `-` and `1.` may not. */
export function isWholeNumber(state: NumberState): boolean {
  return state === 'zero' || state === 'integer' || state === 'fraction' || state === 'exponent'
}
