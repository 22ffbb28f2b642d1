import type { MalformedDetail } from '@streamgauge/core'

/**
 * What a success that does not stream is instead of an answer: `html` or other text that is no JSON; `undefined` where it may
 * be one.
 *
 * The SDK parses what is labelled as JSON, and throws where it is none. Anything else it hands to the application as a text,
 * without an error. JSON under another label can be used, and nothing at all says nothing.
 */
export function findNoAnswer(value: unknown): MalformedDetail | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trimStart()
  if (text.startsWith('<')) return 'html'
  return text === '' || isJson(text) ? undefined : 'not_json'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
