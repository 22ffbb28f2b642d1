/** Decodes JSON without throwing: `undefined` for what is none, since no JSON decodes to that. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
