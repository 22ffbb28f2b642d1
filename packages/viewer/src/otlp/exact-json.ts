/**
 * Parses JSON without rounding its large integers.
 *
 * OTLP writes 64-bit integers as strings, but must be read as numbers too, and `JSON.parse` rounds a time in nanoseconds
 * by up to 128. So integers of 16 digits and more become strings. The reviver makes parsing several times slower, hence
 * only where a look at the text finds such a number (or something inside a string that looks like one, which is harmless).
 *
 * @throws SyntaxError when the text isn't JSON. The nesting must be bounded, since the reviver is called recursively.
 */
export function parseExactJson(text: string): unknown {
  return LARGE_INTEGER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

const LARGE_INTEGER = /[:,[]\s*-?\d{16}/

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && /^-?\d{16,}$/.test(source) ? source : value
}
