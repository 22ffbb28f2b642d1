import { isJson, isWhole } from './frame.ts'

/**
 * The values that stand one behind the other where one should be: `{…}{…}`, also with `data:` left between them. `undefined`
 * where it isn't two and more, each whole.
 */
export function splitValues(data: string): readonly string[] | undefined {
  const values: string[] = []
  let rest = data.trim()
  while (rest !== '') {
    const end = findEnd(rest)
    const value = end === -1 ? rest : rest.slice(0, end)
    if (end === -1 ? !isWhole(rest) || values.length === 0 : !isJson(value)) return undefined
    values.push(value)
    rest = end === -1 ? '' : rest.slice(end).replace(/^\s*(?:data:)?\s*/, '')
  }
  return values.length > 1 ? values : undefined
}

/** Behind the bracket that closes the first one; -1 where there is none. */
function findEnd(text: string): number {
  if (text[0] !== '{') return -1
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isString) {
      if (character === '\\') at++
      else if (character === '"') isString = false
    } else if (character === '"') isString = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return -1
}
