import type { AnswerRequest, AnswerShape } from '../answer/answer.ts'

/** How many responses, and how many runs, a server remembers; then the oldest is forgotten. */
export const MAX_RECENT = 100

/** What it takes to build a response once more. */
export interface StoredResponse {
  readonly request: AnswerRequest & { readonly api: 'responses' }
  readonly shape: AnswerShape
  readonly seed: number
}

/** Values by id, the latest alone. */
export interface Recent<Value> {
  get(id: string): Value | undefined
  set(id: string, value: Value): void
}

/** Makes an empty store of at most `MAX_RECENT` values. */
export const createRecent = <Value>(): Recent<Value> => {
  const stored = new Map<string, Value>()
  return {
    get: (id) => stored.get(id),
    set: (id, value) => {
      stored.delete(id)
      stored.set(id, value)
      const oldest = stored.keys().next()
      if (stored.size > MAX_RECENT && oldest.done === false) stored.delete(oldest.value)
    },
  }
}
