import type { AnswerRequest, AnswerShape } from '../answer/answer.ts'

/** How many responses a server remembers for `GET /v1/responses/:id`; then the oldest is forgotten. */
export const MAX_STORED_RESPONSES = 100

/** What it takes to build a response once more. */
export interface StoredResponse {
  readonly request: AnswerRequest & { readonly api: 'responses' }
  readonly shape: AnswerShape
  readonly seed: number
}

/** The responses that can still be retrieved. */
export interface StoredResponses {
  get(id: string): StoredResponse | undefined
  set(id: string, response: StoredResponse): void
}

/** Makes an empty store of at most `MAX_STORED_RESPONSES` responses. */
export const createStoredResponses = (): StoredResponses => {
  const stored = new Map<string, StoredResponse>()
  return {
    get: (id) => stored.get(id),
    set: (id, response) => {
      stored.delete(id)
      stored.set(id, response)
      const oldest = stored.keys().next()
      if (stored.size > MAX_STORED_RESPONSES && oldest.done === false) stored.delete(oldest.value)
    },
  }
}
